// Finds the objects that a written path leads to. Accepts what `paths/` writes and what people type:
// `sys.modules['app'].cache['k']`, `app.cache['k']`, `app.compute.<lru_cache>[3].result`, `thread "w" in handle() local rows`.

import type { NodeIx } from "../../base/brand.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { qualifiedName } from "../analysis/edges.ts";
import { mappingEntries, type ModuleRow } from "../analysis/modules.ts";
import { textOf } from "../analysis/texts.ts";
import type { HeapAnalysis } from "../analyse.ts";
import type { Snapshot } from "../snapshot.ts";
import { codeAnchors } from "./code-anchors.ts";
import { nearestNames } from "./nearest.ts";
import { namesAt, stepFrom, type PathStepText } from "./path-steps.ts";

export interface PathFailure {
  /** The part of the text that leads nowhere. */
  readonly failedAt: string;
  readonly suggestions: readonly string[];
}

/** A place to start from, and the text that is left. */
interface Start {
  readonly nodes: readonly NodeIx[];
  readonly rest: string;
  /** The text before `rest`, for suggestions. */
  readonly spoken: string;
}

const STEP =
  /^(?:\.(?<special><[\w-]+>)|\.(?<name>[\p{L}_][\p{L}\p{N}_]*)|\[(?<index>-?\d+)\]|\[(?<quote>['"])(?<key>(?:\\.|(?!\k<quote>).)*)\k<quote>\]|\[(?<any>\*)\]|\[<(?<keyType>[^>\]]+)>\]|\{(?<set>member|key)\}| local (?<local>[\p{L}_.][\p{L}\p{N}_.]*)| frame (?<frame>[^()]*)\(\))/u;

export function resolvePath(analysis: HeapAnalysis, text: string): Result<readonly NodeIx[], PathFailure> {
  const start = startOf(analysis, text);
  if (start === null) return fail({ failedAt: text, suggestions: nearestNames(text, rootNames(analysis, text)) });
  let { nodes, rest, spoken } = start;
  while (rest !== "") {
    const match = STEP.exec(rest);
    const step = match === null ? null : readStep(match.groups ?? {});
    const next = step === null ? [] : stepFrom(analysis, nodes, step);
    if (match === null || next.length === 0) return fail(failureAt(analysis, nodes, match?.[0] ?? rest, spoken));
    nodes = next;
    spoken += match[0];
    rest = rest.slice(match[0].length);
  }
  return ok(nodes);
}

function readStep(groups: Readonly<Record<string, string | undefined>>): PathStepText | null {
  const { special, name, index, key, any, keyType, set, local, frame } = groups;
  if (special !== undefined) return { kind: "special", name: special };
  if (name !== undefined) return { kind: "attribute", name };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  if (key !== undefined) return { kind: "key", key: key.replaceAll(/\\(.)/g, "$1") };
  if (any !== undefined) return { kind: "any" };
  if (keyType !== undefined) return { kind: "key-of-type", type: keyType };
  if (set !== undefined) return { kind: set === "key" ? "keys" : "any" };
  if (local !== undefined) return { kind: "attribute", name: local };
  return frame === undefined ? null : { kind: "frame", name: frame };
}

function startOf(analysis: HeapAnalysis, text: string): Start | null {
  const quoted = /^sys\.modules\[(['"])(?<name>[^'"]+)\1\]/.exec(text);
  if (quoted !== null) return moduleStart(analysis, quoted.groups!["name"]!, text.slice(quoted[0].length), quoted[0]);
  return anchorStart(analysis, text) ?? dottedStart(analysis, text);
}

function moduleStart(analysis: HeapAnalysis, name: string, rest: string, spoken: string): Start | null {
  const module = analysis.modules.byName.get(name);
  return module === undefined ? null : { nodes: [module.node], rest, spoken };
}

/** `app.sessions.REGISTRY`: the longest prefix that is a module. */
function dottedStart(analysis: HeapAnalysis, text: string): Start | null {
  const dotted = /^[\p{L}_][\p{L}\p{N}_.]*/u.exec(text)?.[0] ?? "";
  for (let end = dotted.length; end > 0; end = dotted.lastIndexOf(".", end - 1)) {
    const name = dotted.slice(0, end);
    const start = moduleStart(analysis, name, text.slice(end), name);
    if (start !== null) return start;
  }
  return null;
}

/** Names that start at code or at a thread: the longest one that begins the text, all objects that bear it. */
function anchorStart(analysis: HeapAnalysis, text: string): Start | null {
  let longest = "";
  let nodes: NodeIx[] = [];
  for (const anchor of codeAnchors(analysis, text)) {
    if (!text.startsWith(anchor.text) || anchor.text.length < longest.length || !endsName(text, anchor.text.length))
      continue;
    if (anchor.text.length > longest.length) nodes = [];
    longest = anchor.text;
    nodes.push(anchor.node);
  }
  return nodes.length === 0 ? null : { nodes, rest: text.slice(longest.length), spoken: longest };
}

function endsName(text: string, at: number): boolean {
  return at === text.length || /[.[{ ]/.test(text[at]!);
}

function failureAt(analysis: HeapAnalysis, nodes: readonly NodeIx[], failedAt: string, spoken: string): PathFailure {
  const wanted = failedAt.replaceAll(/^[.[]['"]?|['"]?\]$/g, "");
  const near = nodes[0] === undefined ? [] : nearestNames(wanted, namesAt(analysis, nodes[0]));
  return { failedAt, suggestions: near.map((name) => spoken + name) };
}

/** Modules and types; for a name without dots also the globals of all modules, since that is what people forget to qualify. */
function rootNames({ modules, snapshot, typeTotals }: HeapAnalysis, text: string): string[] {
  const types = snapshot.types.filter((_, row) => typeTotals.counts[row]! > 0).map(qualifiedName);
  const globals = text.includes(".") ? [] : modules.rows.flatMap((row) => globalsOf(snapshot, row));
  return [...globals, ...modules.byName.keys(), ...types];
}

function globalsOf(snapshot: Snapshot, { name, namespace }: ModuleRow): string[] {
  const names = [...mappingEntries(snapshot, namespace)].map(({ key }) => textOf(snapshot.texts, key));
  return names.flatMap((text) => (text === null || text.startsWith("__") ? [] : [`${name}.${text}`]));
}
