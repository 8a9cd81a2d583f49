// Finds the objects that a written path leads to. Accepts what `paths/` writes and what people type:
// `sys.modules['app'].cache['k']`, `app.cache['k']`, `app.compute.<lru_cache>[3].result`, `thread "w" in handle() local rows`.

import type { NodeIx } from "../../base/brand.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { foldThread } from "../paths/roots.ts";
import { codeAnchors } from "./code-anchors.ts";
import { stepFrom, type PathStepText } from "./path-steps.ts";

/** How far a text led. */
export type Walk =
  | { readonly kind: "found"; readonly nodes: readonly NodeIx[] }
  /** It begins with nothing that is known. */
  | { readonly kind: "no-start" }
  /** `spoken` led to `nodes`; the step `failedAt` leads nowhere. */
  | { readonly kind: "lost"; readonly nodes: readonly NodeIx[]; readonly spoken: string; readonly failedAt: string };

/** A place to start from, and the text that is left. */
interface Start {
  readonly nodes: readonly NodeIx[];
  readonly rest: string;
  /** The text before `rest`, for suggestions. */
  readonly spoken: string;
}

const STEP =
  /^(?:\.(?<special><[\w-]+>)|\.(?<inside><inside [^>]+>)|\.(?<name>[\p{L}_][\p{L}\p{N}_]*)|\[(?<index>-?\d+)\]|\[(?<quote>['"])(?<key>(?:\\.|(?!\k<quote>).)*)\k<quote>\]|\[(?<any>\*)\]|\[<(?<keyType>[^>\]]+)>\]|\{(?<set>member|key)\}| local (?<local>[\p{L}_.][\p{L}\p{N}_.]*)| in (?<frame>[^()]*)\(\))/u;

/** The objects that bear a name; none when it leads nowhere. */
export function resolvePath(analysis: HeapAnalysis, text: string): readonly NodeIx[] {
  const walk = walkPath(analysis, text);
  return walk.kind === "found" ? walk.nodes : [];
}

/** Follows a written path step by step. */
export function walkPath(analysis: HeapAnalysis, text: string): Walk {
  const start = startOf(analysis, text);
  if (start === null) return { kind: "no-start" };
  let { nodes, rest, spoken } = start;
  while (rest !== "") {
    const match = STEP.exec(rest);
    const step = match === null ? null : readStep(match.groups ?? {});
    const next = step === null ? [] : stepFrom(analysis, nodes, step);
    if (match === null || next.length === 0) return { kind: "lost", nodes, spoken, failedAt: match?.[0] ?? rest };
    nodes = next;
    spoken += match[0];
    rest = rest.slice(match[0].length);
  }
  return { kind: "found", nodes };
}

function readStep(groups: Readonly<Record<string, string | undefined>>): PathStepText | null {
  const { special, inside, name, index, key, any, keyType, set, local, frame } = groups;
  if (special !== undefined) return { kind: "special", name: special };
  if (inside !== undefined) return { kind: "unnamed" };
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
  const isFolded = /^thread (?:"[^"]*\*|\*)/.test(text);
  for (const { text: name, node } of codeAnchors(analysis, text)) {
    const spoken = isFolded ? foldThread(name) : name;
    if (!text.startsWith(spoken) || spoken.length < longest.length || !endsName(text, spoken.length)) continue;
    if (spoken.length > longest.length) nodes = [];
    longest = spoken;
    nodes.push(node);
  }
  return nodes.length === 0 ? null : { nodes, rest: text.slice(longest.length), spoken: longest };
}

function endsName(text: string, at: number): boolean {
  return at === text.length || /[.[{ ]/.test(text[at]!);
}
