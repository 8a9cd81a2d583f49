// What the heap says of a holder beyond its size: what is in it, by which keys, and whose code that is.

import type { NodeIx } from "../base/brand.ts";
import type { PathStep } from "../model/holder.ts";
import type { CollectorFacts } from "../model/snapshot-meta.ts";
import { nodeAt } from "../heap/analysis/addresses.ts";
import { fieldTarget, hasBase, qualifiedName, roleOf, typeRowOf } from "../heap/analysis/edges.ts";
import { mappingEntries } from "../heap/analysis/modules.ts";
import { textOf } from "../heap/analysis/texts.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import { elementsOf } from "../heap/holders/mostly.ts";
import type { OwnedHeap } from "../heap/holders/ownership.ts";
import { codeOfFrame, codeOfFunction, wrappedFunction } from "../heap/paths/words.ts";
import type { CodeRow, LruCacheRow, Snapshot, TypeRole, TypeRow } from "../heap/snapshot.ts";

export interface HeapFacts {
  /** Of the most frequent type among the elements; of the object itself when it is no container. */
  readonly elementRole: TypeRole | null;
  readonly elementType: string | null;
  /** That type and its bases. */
  readonly elementBases: readonly string[];
  /** Code of the functions, methods, generators or tasks among the elements: the most frequent. */
  readonly elementCode: CodeRow | null;
  /** Elements are functions with variables of their own. */
  readonly hasClosures: boolean;
  readonly keyType: string | null;
  /** Keys are objects that are equal to nothing but themselves. */
  readonly hasIdentityKeys: boolean;
  readonly lru: LruCacheRow | null;
  /** Of the cached function. */
  readonly cachedParameters: readonly string[];
  /** The cached function names no parameter (`*args`), and is reached through a class: `self` comes first. */
  readonly isWrappedMethod: boolean;
  /** Held bytes for each entry; null when it is no container. */
  readonly bytesPerEntry: number | null;
  /** For each step to the holder the code of the function that it has reached, or that the thread runs; null for all else. */
  readonly codesOnPath: readonly (CodeRow | null)[];
  readonly collector: CollectorFacts;
}

/** Elements looked at: the last ones, which were put in last where there is an order. */
const SAMPLE = 64;

/** `steps`: from the root to the holder. O(elements) for a copy of their list. */
export function heapFactsOf(heap: OwnedHeap, steps: readonly PathStep[]): HeapFacts {
  const { snapshot } = heap;
  const node = nodeOf(heap, steps);
  const common = { codesOnPath: codesOnPath(heap, steps), collector: snapshot.meta.collector };
  if (node === null) return { ...elementFacts(heap, []), ...NO_ENTRIES, ...common };
  const lru = heap.lruOf.get(node) ?? null;
  const container = lru === null ? node : fieldTarget(snapshot, node, "cache");
  const elements = container === null ? [] : lastElements(snapshot, container);
  const parameters = parametersOf(heap, lru);
  const count = lru?.entries ?? (elements.length > 0 ? steps.at(-1)?.entries : null) ?? 0;
  return {
    ...elementFacts(heap, elements.length > 0 ? elements : [node]),
    ...keyFacts(snapshot, container),
    lru,
    cachedParameters: parameters ?? [],
    isWrappedMethod: parameters?.length === 0 && isInClass(heap, steps),
    bytesPerEntry: bytesPerEntry(heap, node, count),
    ...common,
  };
}

function codesOnPath(heap: HeapAnalysis, steps: readonly PathStep[]): readonly (CodeRow | null)[] {
  return steps.map((_, at) => {
    const node = nodeOf(heap, steps.slice(0, at + 1));
    if (node === null) return null;
    return roleOf(heap.snapshot, node) === "function" ? codeOfFunction(heap, node) : startedCode(heap, node, 0);
  });
}

function bytesPerEntry({ heldBytes }: OwnedHeap, node: NodeIx, count: number): number | null {
  return count === 0 ? null : (heldBytes[node] ?? 0) / count;
}

function isInClass({ snapshot }: HeapAnalysis, steps: readonly PathStep[]): boolean {
  return steps.slice(0, -1).some(({ address }) => {
    const node = address === null ? null : nodeAt(snapshot.nodes, Number(address));
    return node !== null && roleOf(snapshot, node) === "type";
  });
}

function nodeOf({ snapshot }: HeapAnalysis, steps: readonly PathStep[]): NodeIx | null {
  const address = steps.at(-1)?.address ?? null;
  return address === null ? null : nodeAt(snapshot.nodes, Number(address));
}

function keyFacts(snapshot: Snapshot, container: NodeIx | null): Pick<HeapFacts, "keyType" | "hasIdentityKeys"> {
  const keys = container === null ? [] : keysOf(snapshot, container);
  return {
    keyType: nameOf(mostFrequent(snapshot, keys)),
    hasIdentityKeys: keys.length > 0 && keys.every((each) => isIdentityOnly(snapshot, each)),
  };
}

const NO_ENTRIES = {
  keyType: null,
  hasIdentityKeys: false,
  lru: null,
  cachedParameters: [],
  isWrappedMethod: false,
  bytesPerEntry: null,
} as const;

type ElementFacts = Pick<HeapFacts, "elementRole" | "elementType" | "elementBases" | "elementCode" | "hasClosures">;

function elementFacts(heap: OwnedHeap, elements: readonly NodeIx[]): ElementFacts {
  const { snapshot } = heap;
  const type = mostFrequent(snapshot, elements);
  return {
    elementRole: type?.role ?? null,
    elementType: nameOf(type),
    elementBases: type === null ? [] : basesOf(snapshot, type),
    elementCode: mostFrequentCode(heap, elements),
    hasClosures: elements.some(
      (each) => roleOf(snapshot, each) === "function" && fieldTarget(snapshot, each, "__closure__") !== null,
    ),
  };
}

function nameOf(type: TypeRow | null): string | null {
  return type === null ? null : qualifiedName(type);
}

/** Null when it is no cache. */
function parametersOf(heap: HeapAnalysis, cache: LruCacheRow | null): readonly string[] | null {
  if (cache === null) return null;
  const wrapped = wrappedFunction(heap, cache.node);
  return wrapped === null ? [] : (codeOfFunction(heap, wrapped)?.parameters ?? []);
}

function lastElements(snapshot: Snapshot, container: NodeIx): readonly NodeIx[] {
  const elements = elementsOf(snapshot, container);
  return ([...elements.subarray(-SAMPLE)] as NodeIx[]).filter((each) => each !== 0);
}

function mostFrequent(snapshot: Snapshot, nodes: readonly NodeIx[]): TypeRow | null {
  const counts = new Map<TypeRow, number>();
  for (const node of nodes) {
    const type = snapshot.types[typeRowOf(snapshot, node).canonical] ?? typeRowOf(snapshot, node);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function basesOf(snapshot: Snapshot, type: TypeRow): readonly string[] {
  const names: string[] = [];
  let at: TypeRow | undefined = type;
  for (let depth = 0; at !== undefined && depth < DEEPEST_BASE; depth++) {
    names.push(qualifiedName(at));
    at = at.base < 0 ? undefined : snapshot.types[at.base];
  }
  return names;
}

/** Against a torn type table that would send us round in circles. */
const DEEPEST_BASE = 50;

function keysOf(snapshot: Snapshot, node: NodeIx): readonly NodeIx[] {
  if (typeRowOf(snapshot, node).shape !== "mapping") return [];
  const keys: NodeIx[] = [];
  for (const { key } of mappingEntries(snapshot, node)) {
    if (key !== 0) keys.push(key);
    if (keys.length >= SAMPLE) break;
  }
  return keys;
}

/** A plain object whose class says nothing of equality, or a tuple of such. */
function isIdentityOnly(snapshot: Snapshot, node: NodeIx): boolean {
  const type = typeRowOf(snapshot, node);
  if (type.role === "tuple") {
    const elements = [...elementsOf(snapshot, node)] as NodeIx[];
    return elements.some((each) => each !== 0 && isIdentityOnly(snapshot, each));
  }
  if (type.role !== "plain" || type.module === "builtins" || type.node === 0) return false;
  return !hasBase(snapshot, node, (name) => EQUAL_BY_VALUE.test(name)) && !definesEquality(snapshot, type);
}

const EQUAL_BY_VALUE = /^(?:enum\.|datetime\.|decimal\.|fractions\.|uuid\.|pathlib\.|ipaddress\.|numpy\.)/;

function definesEquality(snapshot: Snapshot, type: TypeRow): boolean {
  let at: TypeRow | undefined = type;
  for (let depth = 0; at !== undefined && at.base >= 0 && depth < DEEPEST_BASE; depth++) {
    const members = at.node === 0 ? null : fieldTarget(snapshot, at.node, "__dict__");
    if (members !== null) {
      for (const { key } of mappingEntries(snapshot, members)) {
        const name = textOf(snapshot.texts, key);
        if (name === "__eq__" || name === "__hash__") return true;
      }
    }
    at = snapshot.types[at.base];
  }
  return false;
}

function mostFrequentCode(heap: HeapAnalysis, nodes: readonly NodeIx[]): CodeRow | null {
  const counts = new Map<CodeRow, number>();
  for (const node of nodes) {
    const code = codeOfAny(heap, node);
    if (code !== null) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** Of functions, methods, partials, generators, coroutines, and of tasks and threads that run one. */
function codeOfAny(heap: HeapAnalysis, node: NodeIx, depth: number = 0): CodeRow | null {
  const { snapshot } = heap;
  if (depth > 2) return null;
  const inside = (name: string): CodeRow | null => {
    const target = fieldTarget(snapshot, node, name);
    return target === null ? null : codeOfAny(heap, target, depth + 1);
  };
  switch (roleOf(snapshot, node)) {
    case "function":
      return codeOfFunction(heap, node);
    case "method":
      return inside("__func__") ?? inside("im_func");
    case "generator":
    case "coroutine":
      return codeOfFrame(heap, node);
    case "tuple":
      return (
        [...elementsOf(snapshot, node)]
          .map((each) => codeOfAny(heap, each as NodeIx, depth + 1))
          .find((code) => code !== null) ?? null
      );
    default:
      return inside("func") ?? waitingCode(heap, node) ?? startedCode(heap, node, depth);
  }
}

/** Of a thread: what it was started with, as long as it runs. */
function startedCode(heap: HeapAnalysis, node: NodeIx, depth: number): CodeRow | null {
  const { snapshot } = heap;
  if (!hasBase(snapshot, node, (name) => name === "threading.Thread")) return null;
  const attributes = fieldTarget(snapshot, node, "__dict__");
  const target =
    fieldTarget(snapshot, node, "_target") ??
    (attributes === null
      ? null
      : (fieldTarget(snapshot, attributes, "_target") ?? valueOf(snapshot, attributes, "_target")));
  return target === null ? null : codeOfAny(heap, target, depth + 1);
}

function valueOf(snapshot: Snapshot, mapping: NodeIx, name: string): NodeIx | null {
  for (const { key, value } of mappingEntries(snapshot, mapping))
    if (textOf(snapshot.texts, key) === name) return value;
  return null;
}

/** Of a task: the fields of C structs have no names, but only one leads to a coroutine. */
function waitingCode(heap: HeapAnalysis, node: NodeIx): CodeRow | null {
  const { snapshot } = heap;
  const { edgeStart, edgeTarget } = snapshot.refs;
  if (!/(?:Task|Handle)$/.test(typeRowOf(snapshot, node).name)) return null;
  for (const target of edgeTarget.subarray(edgeStart[node], edgeStart[node + 1]) as Iterable<NodeIx>) {
    const role = roleOf(snapshot, target);
    if (role === "coroutine" || role === "generator") return codeOfFrame(heap, target);
  }
  return null;
}
