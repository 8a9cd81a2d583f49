// Page: docs/rules/DW308-cycles-with-collector-off.md

import type { FileView } from "../python/file-view.ts";
import { absoluteName } from "../python/names-in-file.ts";
import type { SourceRange } from "../model/finding.ts";
import type { Assign, Call, Expression } from "../python/tree.ts";
import { enclosingClass, enclosingFunction, walk } from "../python/walk.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

type Evidence =
  | { readonly is: "off"; readonly site: CodeSite; readonly call: string }
  /** Somebody turns it on again, or collects by hand. */
  | { readonly is: "on" }
  /** An assignment that makes a cycle: how it is written. */
  | { readonly is: "cycle"; readonly at: SourceRange; readonly written: string };

export const cyclesWithCollectorOff: Rule = defineRule<Evidence>({
  code: "DW308",
  name: "cycles-with-collector-off",
  cause: "L7",
  summary: "With the garbage collector off, objects in reference cycles are never freed.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    call: (node, file, found) => {
      if (file.isTest) return;
      const switched = switchedBy(node, file);
      if (switched !== null) found(switched);
    },
    assign: (node, file, found) => {
      if (!file.isTest && makesCycle(node, file))
        found({
          is: "cycle",
          at: file.rangeOf(node),
          written: file.text.slice(node.start, Math.min(node.end, node.start + 60)),
        });
    },
  },
  judge: (found) => {
    if (found.some((each) => each.is === "on")) return [];
    const cycle = found.find((each) => each.is === "cycle") ?? null;
    return found.flatMap((each) => (each.is === "off" ? [draftOf(each, cycle)] : []));
  },
});

function switchedBy(call: Call, file: FileView): Evidence | null {
  const name = absoluteName(file, call.callee);
  if (name === "gc.disable") return { is: "off", site: siteOf(file, call), call: "gc.disable()" };
  if (name === "gc.enable" || name === "gc.collect") return { is: "on" };
  if (name !== "gc.set_threshold") return null;
  const first = call.arguments[0]?.value;
  const isZero = first?.kind === "constant" && first.text === "0";
  return isZero ? { is: "off", site: siteOf(file, call), call: "gc.set_threshold(0)" } : { is: "on" };
}

/** `self.child.parent = self`, `self.callback = self.method`, `self.run = lambda: self...`. */
function makesCycle({ targets, value }: Assign, file: FileView): boolean {
  const [target] = targets;
  if (target?.kind !== "attribute" || value === null) return false;
  if (isSelf(value)) return target.object.kind === "attribute" && isSelf(target.object.object);
  if (!isSelf(target.object)) return false;
  if (value.kind === "lambda") return namesSelf(value.body);
  return value.kind === "attribute" && isSelf(value.object) && isMethod(value, file);
}

function isSelf(expression: Expression): boolean {
  return expression.kind === "name" && expression.id === "self";
}

function namesSelf(body: Expression): boolean {
  let found = false;
  walk(body, (node) => {
    found ||= node.kind === "name" && node.id === "self";
  });
  return found;
}

function isMethod(value: Expression, file: FileView): boolean {
  const around = enclosingClass(value);
  if (value.kind !== "attribute" || around === null || enclosingFunction(value) === null) return false;
  const { bindings } = file.scopes.openedBy(around).variables.get(value.name) ?? { bindings: [] };
  return bindings.some(
    ({ how, node }) => how === "function" && node.kind === "function" && node.decorators.length === 0,
  );
}

function draftOf(
  { site, call }: Extract<Evidence, { readonly is: "off" }>,
  cycle: Extract<Evidence, { readonly is: "cycle" }> | null,
): FindingDraft {
  const proof = cycle === null ? "" : `, such as those that \`${cycle.written}\` makes,`;
  return {
    at: site.at,
    message: `After \`${call}\` nothing frees reference cycles${proof} and nothing in the project collects them or turns the collector on again.`,
    holder: null,
    confidence: cycle === null ? "possible" : "likely",
    bound: "every object in a cycle, with what it holds",
    related: cycle === null ? [] : [{ ...cycle.at, message: "makes a reference cycle" }],
    fix: {
      text: "Leave it on and raise the thresholds (`gc.set_threshold(50_000, 20, 20)`), or call `gc.collect()` where a pause does not hurt.",
      safety: "none",
      edits: [],
    },
  };
}
