// Names for what functions carry: closure cells, defaults, cached results. A function can be reached in many ways, most of
// them uninteresting; its code says better which one it is, so these names start afresh at the code.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { roleOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import type { Snapshot } from "../snapshot.ts";
import type { NamingRule } from "./naming-rules.ts";
import { anchored, silent, step } from "./trail.ts";
import {
  codeOfFunction,
  codeWords,
  enclosingName,
  keyWords,
  moduleOfFunction,
  shortName,
  wrappedFunction,
} from "./words.ts";

/** The tuple `__closure__` itself is not said; its elements are variables. */
const closureTuple: NamingRule = ({ snapshot }, trail, hop) =>
  isField(hop.place, "__closure__") && roleOf(snapshot, hop.from) === "function" ? silent(trail, "closure") : null;

/** `<closure make_handler at app.py:31>.rows`. */
const closureCell: NamingRule = (analysis, trail, hop) => {
  if (trail.place !== "closure" || hop.place.kind !== "element" || hop.before === null) return null;
  const code = codeOfFunction(analysis, hop.before);
  const index = hop.place.index;
  if (code === null)
    return step(trail, `.__closure__[${index}]`, `closure variable ${index}`, { place: "cell", kind: "closure-cell" });
  const name = printable(code.freeVariables[index] ?? `<cell ${index}>`);
  return anchored(
    trail,
    `<closure ${codeWords(enclosingName(code.qualname), code)}>.`,
    name,
    `closure variable ${name}`,
    {
      place: "cell",
      kind: "closure-cell",
      module: moduleOfFunction(analysis, hop.before),
      file: code.file,
      line: code.firstLine,
    },
  );
};

/** A cell stands for its contents. */
const cellContents: NamingRule = ({ snapshot }, trail, hop) => {
  if (roleOf(snapshot, hop.from) !== "cell") return null;
  return {
    ...trail,
    place: "plain",
    edge: trail.place === "cell" ? trail.edge : null,
    replaces: trail.place === "cell",
  };
};

/** The tuple or dict of defaults is not said; its elements are parameters. */
const defaultsTuple: NamingRule = ({ snapshot }, trail, hop) => {
  if (roleOf(snapshot, hop.from) !== "function") return null;
  if (isField(hop.place, "__defaults__")) return silent(trail, "defaults");
  return isField(hop.place, "__kwdefaults__") ? silent(trail, "keyword-defaults") : null;
};

/** `<default of handle(seen) at app.py:31>`. */
const defaultValue: NamingRule = (analysis, trail, hop) => {
  const { snapshot } = analysis;
  if (trail.place !== "defaults" && trail.place !== "keyword-defaults") return null;
  if (hop.before === null || (hop.place.kind !== "element" && hop.place.kind !== "value")) return null;
  const code = codeOfFunction(analysis, hop.before);
  const name =
    hop.place.kind === "value"
      ? (textOf(snapshot.texts, hop.place.key) ?? keyWords(snapshot, hop.place.key))
      : positionalDefaultName(code?.parameters ?? [], fieldLength(snapshot.refs.edgeStart, hop.from), hop.place.index);
  const words = printable(name);
  if (code === null) return step(trail, `.__defaults__[${words}]`, `default ${words}`, { kind: "function-default" });
  const text = `${codeWords(`${shortName(code.qualname)}(${name})`, code)}>`;
  return anchored(trail, "<default of ", text, `default ${words}`, {
    kind: "function-default",
    module: moduleOfFunction(analysis, hop.before),
    file: code.file,
    line: code.firstLine,
  });
};

/** `app.compute.<lru_cache>`. */
const cachedResults: NamingRule = (analysis, trail, hop) => {
  if (roleOf(analysis.snapshot, hop.from) !== "lru-cache" || !isField(hop.place, "cache")) return null;
  const wrapped = wrappedFunction(analysis, hop.from);
  const code = wrapped === null ? null : codeOfFunction(analysis, wrapped);
  if (wrapped === null || code === null) {
    return step(trail, ".<lru_cache>", "cached results", { place: "cached", kind: "cache" });
  }
  const module = moduleOfFunction(analysis, wrapped);
  const prefix = module === null ? "" : `${printable(module)}.`;
  return anchored(trail, prefix, `${printable(code.qualname)}.<lru_cache>`, "cached results", {
    place: "cached",
    kind: "cache",
    module,
    file: code.file,
    line: code.firstLine,
  });
};

/**
 * `[6999]` is an entry by its argument, or by its place where the key has no text; `[6999].result` is what was computed.
 * Unbounded caches have no link between the two.
 */
const cachedEntry: NamingRule = ({ snapshot }, trail, hop) => {
  if (trail.place !== "cached" || (hop.place.kind !== "value" && hop.place.kind !== "key")) return null;
  const index = hop.folded ? "*" : entryName(snapshot, hop.place);
  if (hop.place.kind === "key") return step(trail, `[${index}].key`, `key of entry ${index}`);
  if (roleOf(snapshot, hop.to) === "lru-link") return step(trail, `[${index}]`, `entry ${index}`);
  return step(trail, `[${index}].result`, `result of entry ${index}`);
};

function entryName(
  snapshot: Snapshot,
  place: { readonly kind: "key" | "value"; readonly index: number; readonly key?: NodeIx },
): string {
  const hasText = place.key !== undefined && textOf(snapshot.texts, place.key) !== null;
  return hasText && place.key !== undefined ? keyWords(snapshot, place.key) : String(place.index);
}

export const functionRules: readonly NamingRule[] = [
  closureTuple,
  closureCell,
  cellContents,
  defaultsTuple,
  defaultValue,
  cachedResults,
  cachedEntry,
];

function isField(place: { readonly kind: string; readonly name?: string }, name: string): boolean {
  return place.kind === "field" && place.name === name;
}

/** Defaults belong to the last positional parameters; their index is all that is known without names. */
function positionalDefaultName(parameters: readonly string[], defaults: number, index: number): string {
  return parameters[parameters.length - defaults + index] ?? `default ${index}`;
}

function fieldLength(edgeStart: Uint32Array, node: number): number {
  return edgeStart[node + 1]! - edgeStart[node]!;
}
