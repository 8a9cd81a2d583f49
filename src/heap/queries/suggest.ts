// "Did you mean": names that exist, for a text that leads nowhere. Best first: the text with the module that people leave
// away (`log.handlers` for `__main__.log.handlers`), the text with one name spelt right, then whatever reads alike.

import { qualifiedName } from "../analysis/edges.ts";
import { mappingEntries, type ModuleRow } from "../analysis/modules.ts";
import { textOf } from "../analysis/texts.ts";
import type { HeapAnalysis } from "../analyse.ts";
import type { Snapshot } from "../snapshot.ts";
import { codeAnchors } from "./code-anchors.ts";
import { nearestNames } from "./nearest.ts";
import { namesAt } from "./path-steps.ts";
import { resolvePath, type Walk } from "./resolve-path.ts";

const MOST_SUGGESTIONS = 3;
/** Modules with a global of that name which are tried; `log` and `_cache` are globals of many. */
const MOST_TRIED = 40;

/** At most three names, each of which `why` understands. */
export function suggestionsFor(analysis: HeapAnalysis, text: string, walk: Walk): readonly string[] {
  const found = new Set([
    ...withModule(analysis, text),
    ...withFrame(analysis, text),
    ...withOtherModule(analysis, text),
    ...withOtherStep(analysis, walk, text),
  ]);
  return [...(found.size > 0 ? found : alike(analysis, text))].slice(0, MOST_SUGGESTIONS);
}

/** The modules that have a global, or a submodule, of the first name; only where the rest fits, too. */
function withModule(analysis: HeapAnalysis, text: string): string[] {
  const first = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(text)?.[0];
  if (first === undefined) return [];
  const { snapshot, modules } = analysis;
  const homes = modules.rows.filter((row) => globalNames(snapshot, row).includes(first)).map((row) => row.name);
  const packages = modules.rows
    .filter((row) => row.name.endsWith(`.${first}`))
    .map((row) => row.name.slice(0, -first.length - 1));
  const tried = [...new Set([...packages, ...homes])].sort(
    (a, b) => Number(b === "__main__") - Number(a === "__main__"),
  );
  return tried
    .slice(0, MOST_TRIED)
    .map((module) => `${module}.${text}`)
    .filter((candidate) => resolvePath(analysis, candidate).length > 0);
}

/** Local variables of that name, in threads and in suspended code. */
function withFrame(analysis: HeapAnalysis, text: string): string[] {
  const first = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(text)?.[0];
  if (first === undefined) return [];
  const beginnings = ["thread ", "<coroutine ", "<generator "].flatMap((start) => [...codeAnchors(analysis, start)]);
  return [...new Set(beginnings.map((anchor) => anchor.text))]
    .filter((name) => name.endsWith(` local ${first}`))
    .slice(0, MOST_TRIED)
    .map((name) => name + text.slice(first.length))
    .filter((candidate) => resolvePath(analysis, candidate).length > 0);
}

/** `app.sesions.REGISTRY`: the nearest modules in place of the beginning, where the rest fits. */
function withOtherModule(analysis: HeapAnalysis, text: string): string[] {
  const dotted = /^[\p{L}_][\p{L}\p{N}_.]*/u.exec(text)?.[0] ?? "";
  const candidates: string[] = [];
  for (let end = dotted.length; end > 0; end = dotted.lastIndexOf(".", end - 1)) {
    const near = nearestNames(dotted.slice(0, end), analysis.modules.byName.keys());
    if (end < text.length) candidates.push(...near.map((name) => name + text.slice(end)));
  }
  return candidates.filter((candidate) => resolvePath(analysis, candidate).length > 0);
}

/** The step that failed, spelt like one that would not. */
function withOtherStep(analysis: HeapAnalysis, walk: Walk, text: string): string[] {
  if (walk.kind !== "lost" || walk.nodes[0] === undefined) return [];
  const { nodes, spoken, failedAt } = walk;
  const wanted = failedAt.replaceAll(/^[.[]['"]?|['"]?\]$/g, "");
  const rest = text.slice(spoken.length + failedAt.length);
  return nearestNames(wanted, namesAt(analysis, nodes[0]!)).map((name) =>
    rest !== "" && resolvePath(analysis, spoken + name + rest).length > 0 ? spoken + name + rest : spoken + name,
  );
}

/** Globals, modules and types with a similar name. */
function alike(analysis: HeapAnalysis, text: string): string[] {
  const { modules, snapshot, typeTotals } = analysis;
  const types = snapshot.types.filter((_, row) => typeTotals.counts[row]! > 0).map(qualifiedName);
  const globals = modules.rows.flatMap((row) => globalNames(snapshot, row).map((name) => `${row.name}.${name}`));
  return nearestNames(text, [...globals, ...modules.byName.keys(), ...types]);
}

function globalNames(snapshot: Snapshot, { namespace }: ModuleRow): string[] {
  const names = [...mappingEntries(snapshot, namespace)].map(({ key }) => textOf(snapshot.texts, key));
  return names.flatMap((text) => (text === null || text.startsWith("__") ? [] : [text]));
}
