// What the user wants to look at: an address, a type, a holder path in either spelling, or the largest objects.

import type { NodeIx, TypeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { topByValue } from "../../graph/top-by-value.ts";
import { nodeAround, nodeAt } from "../analysis/addresses.ts";
import { qualifiedName, shallowBytesOf } from "../analysis/edges.ts";
import { isGarbage, type HeapAnalysis } from "../analyse.ts";
import type { OwnedHeap } from "../holders/ownership.ts";
import { isProgramText } from "../holders/trunk.ts";
import { GARBAGE_TEXT, NATIVE_TEXT, nativeTextOf } from "../paths/roots.ts";
import { walkPath } from "./resolve-path.ts";
import { suggestionsFor } from "./suggest.ts";

export type Selector =
  | { readonly kind: "address"; readonly address: number }
  | { readonly kind: "largest"; readonly count: number }
  | { readonly kind: "name"; readonly text: string };

export type SelectorError =
  | { readonly code: "empty" }
  | { readonly code: "bad-count"; readonly text: string }
  | { readonly code: "no-object-at"; readonly text: string }
  | {
      readonly code: "unknown-name";
      readonly text: string;
      readonly failedAt: string;
      readonly suggestions: readonly string[];
    };

/** What a selector stands for in one snapshot. */
export type Selection =
  | { readonly kind: "nodes"; readonly nodes: readonly NodeIx[] }
  /** All instances of these (canonical) rows of the type table. */
  | { readonly kind: "types"; readonly types: readonly TypeIx[] };

const LARGEST = /^(?:--)?largest(?:[\s:=]+(\S+))?$/;
const MOST_LARGEST = 1000;

/** Says what kind of thing the text is; whether it exists is for `select` to say. */
export function parseSelector(text: string): Result<Selector, SelectorError> {
  const trimmed = text.trim();
  if (trimmed === "") return fail({ code: "empty" });
  if (/^0x[\da-f]+$/i.test(trimmed)) return ok({ kind: "address", address: Number(trimmed) });
  const largest = LARGEST.exec(trimmed);
  if (largest === null) return ok({ kind: "name", text: trimmed });
  const count = Number(largest[1] ?? "10");
  if (!Number.isInteger(count) || count < 1 || count > MOST_LARGEST)
    return fail({ code: "bad-count", text: largest[1] ?? "" });
  return ok({ kind: "largest", count });
}

/** The objects a selector stands for. A type wins over a module's global of the same name, which is its class. */
export function select(analysis: OwnedHeap, selector: Selector): Result<Selection, SelectorError> {
  switch (selector.kind) {
    case "address":
      return selectAddress(analysis, selector.address);
    case "largest":
      return ok({ kind: "nodes", nodes: largestObjects(analysis, selector.count) });
    case "name":
      return selectName(analysis, selector.text);
  }
}

/** One sentence for the user, with what to do next. */
export function explainSelectorError(error: SelectorError): string {
  switch (error.code) {
    case "empty":
      return "Nothing was selected. Give an address (0x7f…), a type (Session), a path (app.sessions.REGISTRY), or --largest N.";
    case "bad-count":
      return `--largest takes a number from 1 to ${MOST_LARGEST}, not ${error.text}.`;
    case "no-object-at":
      return `No object lies at ${error.text} in this snapshot. Addresses hold for one snapshot of one process only; \`why\` with a name, a type or --largest N prints the current ones.`;
    case "unknown-name": {
      const means =
        error.suggestions.length === 0
          ? "`deadweight top` lists the names there are."
          : `Did you mean ${error.suggestions.map(printable).join(", ")}?`;
      const where =
        error.failedAt === error.text
          ? `Nothing is called ${printable(error.text)}`
          : `${printable(error.text)}: there is no ${printable(error.failedAt)}`;
      return `${where} in this snapshot. ${means}`;
    }
  }
}

function selectAddress(analysis: HeapAnalysis, address: number): Result<Selection, SelectorError> {
  const { snapshot } = analysis;
  const sizeOf = (node: NodeIx): number => shallowBytesOf(snapshot, node);
  const node = nodeAt(snapshot.nodes, address) ?? nodeAround(snapshot.nodes, address, sizeOf);
  return node === null
    ? fail({ code: "no-object-at", text: `0x${address.toString(16)}` })
    : ok({ kind: "nodes", nodes: [node] });
}

/** By what they hold, without the program itself: modules, classes, functions and their parts. */
function largestObjects(heap: OwnedHeap, count: number): readonly NodeIx[] {
  const { snapshot, heldBytes, trunk } = heap;
  const isCandidate = (node: number): boolean =>
    node > 0 && trunk[node] === 0 && !isProgramText(snapshot, node as NodeIx) && !isGarbage(heap, node as NodeIx);
  return [...topByValue(heldBytes, count, isCandidate)] as NodeIx[];
}

function selectName(analysis: HeapAnalysis, text: string): Result<Selection, SelectorError> {
  // One object of each kind of knot says more than thousands of them.
  if (text === GARBAGE_TEXT && analysis.garbage.count > 0)
    return ok({ kind: "nodes", nodes: analysis.garbage.groups.map(({ example }) => example) });
  const native = nativeNodesCalled(analysis, text);
  if (native.length > 0) return ok({ kind: "nodes", nodes: native });
  const types = typesCalled(analysis, text);
  if (types.length > 0) return ok({ kind: "types", types });
  const walk = walkPath(analysis, text);
  if (walk.kind === "found") return ok({ kind: "nodes", nodes: walk.nodes });
  return fail({
    code: "unknown-name",
    text,
    failedAt: walk.kind === "lost" ? walk.failedAt : text,
    suggestions: suggestionsFor(analysis, text, walk),
  });
}

/** What a row of `top` such as `<native reference to numpy.ndarray>` stands for. */
function nativeNodesCalled({ snapshot, rooted }: HeapAnalysis, text: string): readonly NodeIx[] {
  if (!text.startsWith(NATIVE_TEXT.slice(0, -1))) return [];
  const fits = Uint8Array.from(snapshot.types, (type) => (nativeTextOf(qualifiedName(type)) === text ? 1 : 0));
  return [...rooted.nativeRoots].filter((node) => fits[snapshot.nodes.type[node]!] === 1) as NodeIx[];
}

/** Types with instances, by bare or by full name. */
function typesCalled({ snapshot, typeTotals }: HeapAnalysis, text: string): TypeIx[] {
  const wanted = text.startsWith("builtins.") ? text.slice("builtins.".length) : text;
  return snapshot.types.flatMap((type, row) =>
    typeTotals.counts[row]! > 0 && (type.name === wanted || qualifiedName(type) === wanted) ? [type.canonical] : [],
  );
}
