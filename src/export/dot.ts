// Graphviz: a drawing of what stands around some objects. https://graphviz.org/doc/info/lang.html

import { formatBytes } from "../base/format-bytes.ts";
import { formatCount } from "../base/format-count.ts";
import { fail, ok } from "../base/result.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import { neighbourhoodOf, type Neighbourhood } from "../heap/queries/neighbourhood.ts";
import type { Neighbour } from "../model/page-reports.ts";
import { explainSelectorError, parseSelector } from "../heap/queries/selector.ts";
import { BytePieces } from "./byte-pieces.ts";
import type { ExportOptions, HeapFormat } from "./heap-format.ts";

export const dot: HeapFormat = {
  name: "dot",
  gzip: false,
  opensIn: "`dot -Tsvg FILE -o FILE.svg`, xdot, or any Graphviz viewer",
  write: (heap: HeapAnalysis, options: ExportOptions) => {
    const selector = parseSelector(options.around ?? "largest 3");
    const found = selector.ok ? neighbourhoodOf(heap, selector.value, options.limit) : selector;
    return found.ok ? ok(pieces(found.value, options)) : fail(explainSelectorError(found.error));
  },
};

const LONGEST_NAME = 80;

function* pieces(around: Neighbourhood, options: ExportOptions): Generator<Uint8Array, void, undefined> {
  const out = new BytePieces();
  const caption = `${options.name}: ${options.around ?? "the largest objects"}`;
  out.text(`digraph heap {\n  label=${quoted(caption)}; labelloc=t; rankdir=LR; fontname="sans-serif";\n`);
  out.text(`  node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif", fontsize=10];\n`);
  out.text(`  edge [fontname="sans-serif", fontsize=9, color=gray60];\n`);
  for (const each of around.nodes) out.text(nodeLines(each));
  for (const { from, to, label, isPath } of around.edges) {
    const path = isPath ? ", color=black, penwidth=2" : "";
    out.text(`  n${from} -> n${to} [label=${quoted(label)}${path}];\n`);
  }
  out.text("}\n");
  yield* out.finish();
}

/** The box, and a grey remark for what is not drawn beside it. */
function nodeLines(each: Neighbour): string {
  const entries = each.entries === null ? "" : `, ${formatCount(each.entries)} entries`;
  const name = each.name === null ? [] : [shortened(each.name)];
  const text = [...name, `${each.type}${entries}`, `${formatBytes(each.heldBytes)} held`, each.address].join("\n");
  const colour = each.isSubject ? ", fillcolor=lightyellow, penwidth=2" : "";
  const lines = [`  n${each.node} [label=${quoted(text)}${colour}];\n`];
  if (each.isSubject && each.hiddenTargets > 0)
    lines.push(remark(`t${each.node}`, each.hiddenTargets, "objects it refers to"));
  if (each.isSubject && each.hiddenTargets > 0) lines.push(`  n${each.node} -> t${each.node} [style=dotted];\n`);
  if ((each.hiddenReferrers ?? 0) > 0) {
    lines.push(remark(`r${each.node}`, each.hiddenReferrers ?? 0, "objects that refer to it"));
    lines.push(`  r${each.node} -> n${each.node} [style=dotted];\n`);
  }
  return lines.join("");
}

function remark(id: string, count: number, what: string): string {
  return `  ${id} [label=${quoted(`${formatCount(count)} more ${what}`)}, style=dotted, fontcolor=gray40];\n`;
}

function shortened(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME / 2)}…${name.slice(-LONGEST_NAME / 2)}`;
}

/** A quoted string of DOT; a backslash would begin an escape. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
