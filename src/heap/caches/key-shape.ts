// What the keys of a cache are made of, and which of them cannot do what a key is for.
//
// functools builds a key from a call so (Modules/_functoolsmodule.c, lru_cache_make_key): one argument of an exact str or int is
// itself the key; otherwise a tuple of the arguments, then a mark object, then names and values of keywords.

import type { Addr, NodeIx } from "../../base/brand.ts";
import { formatCount } from "../../base/format-count.ts";
import type { KeyHazard, KeyShape } from "../../model/cache-inventory.ts";
import { addressOf } from "../analysis/addresses.ts";
import { fieldTarget, qualifiedName, roleOf, typeNameOf, typeRowOf } from "../analysis/edges.ts";
import { mappingEntries } from "../analysis/modules.ts";
import type { OwnedHeap } from "../holders/ownership.ts";
import { codeOfFunction } from "../paths/words.ts";
import type { Snapshot } from "../snapshot.ts";
import { valueOf } from "./attributes.ts";
import { type CallValue, type KeptCall, spelledTwice } from "./call-spellings.ts";
import type { FoundCache } from "./found-cache.ts";

const MOST_LOOKED = 200_000;
const MOST_PARTS = 12;
const MOST_SPELLINGS = 8;

/** Null when the heap does not show the entries, or there are none. O(entries). */
export function keyShapeOf(heap: OwnedHeap, { family, entries, cached }: FoundCache): KeyShape | null {
  if (entries === null) return null;
  const look = createLook(heap, cached, family === "deadweight.cached");
  for (const { key } of mappingEntries(heap.snapshot, entries)) {
    if (look.looked >= MOST_LOOKED) break;
    lookAt(heap, look, key);
  }
  if (look.looked === 0) return null;
  return {
    looked: look.looked,
    spellings: [...look.spellings]
      .map(([types, count]) => ({ types, entries: count }))
      .sort((a, b) => b.entries - a.entries || a.types.localeCompare(b.types))
      .slice(0, MOST_SPELLINGS),
    hazards: hazardsOf(look),
  };
}

const MOST_FLOATS = 4096;
/** Calls that are compared with each other. */
const MOST_CALLS = 20_000;

/** Calls of a functools cache of which some give values by name; none otherwise. */
export function keptCallsOf({ snapshot }: OwnedHeap, { entries, family }: FoundCache): KeptCall[] {
  if (entries === null || family !== "functools.lru_cache") return [];
  const calls: KeptCall[] = [];
  for (const { key } of mappingEntries(snapshot, entries)) {
    if (calls.length >= MOST_CALLS) break;
    const call = callOf(snapshot, key);
    if (call !== null) calls.push(call);
  }
  return calls.some(({ byName }) => byName.length > 0) ? calls : [];
}

/** Null for a key of which nobody knows what call it stands for. */
function callOf(snapshot: Snapshot, key: NodeIx): KeptCall | null {
  if (isCallKey(snapshot, key)) return keptCall(snapshot, elementsOf(snapshot, key));
  // One argument that is a plain text or number is the key itself.
  const role = roleOf(snapshot, key);
  return role === "str" || role === "int" ? keptCall(snapshot, [key]) : null;
}

function isCallKey(snapshot: Snapshot, key: NodeIx): boolean {
  return roleOf(snapshot, key) === "tuple" || typeNameOf(snapshot, key) === "functools._HashedSeq";
}

/** Addresses of floats that are keys or parts of keys. */
export function floatKeysOf({ snapshot }: OwnedHeap, { entries }: FoundCache): Addr[] {
  const found: Addr[] = [];
  if (entries === null || !snapshot.types.some(({ role }) => role === "float")) return found;
  for (const { key } of mappingEntries(snapshot, entries)) {
    for (const part of roleOf(snapshot, key) === "tuple" ? elementsOf(snapshot, key) : [key])
      if (roleOf(snapshot, part) === "float") found.push(addressOf(snapshot.nodes, part));
    if (found.length >= MOST_FLOATS) break;
  }
  return found;
}

interface Look {
  /** Each part of a key is followed by its class, which is no part of the call. */
  readonly hasClasses: boolean;
  looked: number;
  readonly spellings: Map<string, number>;
  /** Class of the method that is cached, or null. */
  readonly selfType: string | null;
  readonly pinned: Set<number>;
  readonly isIdentity: Int8Array;
  readonly identityTypes: Set<string>;
  identity: number;
  /** Those that may be spelled in several ways. */
  readonly calls: KeptCall[];
}

function createLook(heap: OwnedHeap, cached: NodeIx | null, hasClasses: boolean): Look {
  return {
    hasClasses,
    looked: 0,
    spellings: new Map(),
    selfType: cached === null ? null : classOfMethod(heap, cached),
    pinned: new Set(),
    isIdentity: new Int8Array(heap.snapshot.types.length).fill(-1),
    identityTypes: new Set(),
    identity: 0,
    calls: [],
  };
}

/** "Client" for a function with the qualified name `Client.fetch`; null for plain and nested functions. */
function classOfMethod(heap: OwnedHeap, cached: NodeIx): string | null {
  const name = codeOfFunction(heap, cached)?.qualname ?? "";
  const parts = name.split(".");
  const owner = parts.at(-2);
  return owner === undefined || owner === "<locals>" ? null : owner;
}

function lookAt(heap: OwnedHeap, look: Look, key: NodeIx): void {
  const { snapshot } = heap;
  look.looked += 1;
  const isCall = isCallKey(snapshot, key);
  const elements = isCall ? elementsOf(snapshot, key) : [key];
  const parts = look.hasClasses ? withoutClasses(snapshot, elements) : elements;
  const spelling = spellingOf(snapshot, parts, isCall);
  look.spellings.set(spelling, (look.spellings.get(spelling) ?? 0) + 1);
  notePinned(snapshot, look, parts);
  noteIdentity(heap, look, parts);
  const call = look.hasClasses || look.calls.length >= MOST_CALLS ? null : callOf(snapshot, key);
  if (call !== null) look.calls.push(call);
}

function elementsOf(snapshot: Snapshot, tuple: NodeIx): NodeIx[] {
  const { edgeStart, edgeTarget } = snapshot.refs;
  const end = Math.min(edgeStart[tuple + 1]!, edgeStart[tuple]! + MOST_PARTS);
  const found: NodeIx[] = [];
  for (let edge = edgeStart[tuple]!; edge < end; edge++)
    if (snapshot.edgeLabel[edge] === 0) found.push(edgeTarget[edge]! as NodeIx);
  return found;
}

/** In a method's key stands the instance, by a reference that does not keep it, before values and their classes. */
function withoutClasses(snapshot: Snapshot, elements: readonly NodeIx[]): readonly NodeIx[] {
  const [first] = elements;
  const isMethod = first !== undefined && typeNameOf(snapshot, first) === INSTANCE;
  return elements.filter((_, at) => at === 0 || at % 2 === (isMethod ? 1 : 0));
}

/** python/src/deadweight/_cache/instances.py */
const INSTANCE = "deadweight._cache.instances.Instance";

/** `int`, `(int, str)`, `(int, unit=str)`: a name in the place of the words that a call gave it by. */
function spellingOf(snapshot: Snapshot, parts: readonly NodeIx[], isCall: boolean): string {
  const names = parts.map((part) =>
    isMark(snapshot, part) ? "…" : typeNameOf(snapshot, part).replace(INSTANCE, "self"),
  );
  if (!isCall) return names[0] ?? "";
  const mark = names.indexOf("…");
  if (mark < 0) return `(${names.join(", ")})`;
  const byName = names.slice(mark + 1).filter((_, at) => at % 2 === 1);
  return `(${[...names.slice(0, mark), ...byName.map((type) => `name=${type}`)].join(", ")})`;
}

/** The mark between positional and named arguments is a bare object(). */
function isMark(snapshot: Snapshot, node: NodeIx): boolean {
  const type = typeRowOf(snapshot, node);
  return type.name === "object" && (type.module === "builtins" || type.module === "");
}

function notePinned(snapshot: Snapshot, look: Look, parts: readonly NodeIx[]): void {
  const [first] = parts;
  if (look.selfType !== null && first !== undefined && typeRowOf(snapshot, first).name === look.selfType)
    look.pinned.add(first);
}

function noteIdentity(heap: OwnedHeap, look: Look, parts: readonly NodeIx[]): void {
  const strange = parts.find((part) => !isMark(heap.snapshot, part) && comparesByIdentity(heap, look, part));
  if (strange === undefined) return;
  look.identity += 1;
  look.identityTypes.add(typeNameOf(heap.snapshot, strange));
}

const DEEPEST_BASE = 50;
const BY_DESIGN: ReadonlySet<string> = new Set(["type", "function", "module", "method", "code", "none"]);

/** True for instances of classes of the program that define no `__eq__`, nor their bases. */
function comparesByIdentity({ snapshot }: OwnedHeap, look: Look, node: NodeIx): boolean {
  const row = snapshot.nodes.type[node]!;
  const known = look.isIdentity[row]!;
  if (known >= 0) return known === 1;
  let at: number = snapshot.types[row]!.canonical;
  let answer = !BY_DESIGN.has(snapshot.types[row]!.role);
  for (let depth = 0; answer && at >= 0 && depth < DEEPEST_BASE; depth++) {
    const type = snapshot.types[at]!;
    if (type.node === 0) answer = false;
    else if (qualifiedName(type) === "object") break;
    else answer = hasNamespaceWithout(snapshot, type.node, "__eq__");
    at = type.base;
  }
  look.isIdentity[row] = answer ? 1 : 0;
  return answer;
}

/** False for built-in types too, whose comparison the heap does not show. */
function hasNamespaceWithout(snapshot: Snapshot, type: NodeIx, name: string): boolean {
  const namespace = fieldTarget(snapshot, type, "__dict__");
  return (
    namespace !== null &&
    valueOf(snapshot, namespace, "__module__") !== null &&
    valueOf(snapshot, namespace, name) === null
  );
}

/** As functools lays it out: values by position, a mark, names and values. */
function keptCall(snapshot: Snapshot, parts: readonly NodeIx[]): KeptCall {
  const mark = parts.findIndex((part) => isMark(snapshot, part));
  const after = mark < 0 ? [] : parts.slice(mark + 1);
  const names = after.filter((_, at) => at % 2 === 0);
  return {
    byPosition: (mark < 0 ? parts : parts.slice(0, mark)).map((part) => callValue(snapshot, part)),
    byName: names.flatMap((name, at) => {
      const value = after[2 * at + 1];
      return value === undefined ? [] : [{ name: addressOf(snapshot.nodes, name), value: callValue(snapshot, value) }];
    }),
  };
}

function callValue(snapshot: Snapshot, part: NodeIx): CallValue {
  const role = roleOf(snapshot, part);
  const kind = role === "str" || role === "int" || role === "float" ? role : "other";
  return { address: addressOf(snapshot.nodes, part), kind };
}

/** Calls kept as several entries, as a hazard; null when there is none. */
export function spelledTwiceHazard(entries: number): KeyHazard | null {
  if (entries === 0) return null;
  const who = entries === 1 ? "One entry keeps" : `${formatCount(entries)} entries keep`;
  return {
    kind: "spelled-twice",
    entries,
    because: `${who} a call that another entry keeps, too, spelled by position or by name.`,
  };
}

function hazardsOf(look: Look): KeyHazard[] {
  const hazards: KeyHazard[] = [];
  if (look.pinned.size > 0) {
    hazards.push({
      kind: "pins-self",
      entries: look.pinned.size,
      because:
        look.pinned.size === 1
          ? `self is part of the key: an instance of ${look.selfType} stays alive as long as its entries.`
          : `self is part of the key: ${formatCount(look.pinned.size)} instances of ${look.selfType} stay alive as long as their entries.`,
    });
  }
  const strangers = [...look.identityTypes].filter(
    (name) => !name.endsWith(`.${look.selfType}`) && name !== look.selfType,
  );
  if (strangers.length > 0) {
    hazards.push({
      kind: "identity",
      entries: look.identity,
      because: `${strangers.slice(0, 3).join(", ")} ${strangers.length === 1 ? "defines" : "define"} no __eq__, so that only the very same object is found again.`,
    });
  }
  const spelled = spelledTwiceHazard(spelledTwice(look.calls, ({ address }) => String(address)));
  if (spelled !== null) hazards.push(spelled);
  return hazards;
}
