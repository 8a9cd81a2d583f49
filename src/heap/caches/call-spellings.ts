// One call that is kept as several entries of a functools cache: once by position and once by name, or with names in another order.
// Two calls are one when the values that both give by position are equal in order, and the others in any. Whether two values are equal is
// for the caller to say: a heap knows objects, the running process knows values.

import type { Addr } from "../../base/brand.ts";

/** A value of a call. */
export interface CallValue {
  readonly address: Addr;
  /** "other": only the very same object is taken to be equal. */
  readonly kind: "str" | "int" | "float" | "other";
}

/** A call as functools keeps it: values by position, then values by name. */
export interface KeptCall {
  readonly byPosition: readonly CallValue[];
  readonly byName: readonly { readonly name: Addr; readonly value: CallValue }[];
}

/** Entries that keep a call which another entry keeps, too. O(calls * values). */
export function spelledTwice(calls: readonly KeptCall[], identityOf: (value: CallValue) => string): number {
  if (!calls.some(({ byName }) => byName.length > 0)) return 0;
  const spelled = calls.map((call) => spellingOf(call, identityOf));
  // What is left when only so many values are told by their position -> the calls that give just so many by position.
  const byOwn = new Map<string, number[]>();
  for (const [at, { own }] of spelled.entries()) {
    const before = byOwn.get(own);
    if (before === undefined) byOwn.set(own, [at]);
    else before.push(at);
  }
  // Groups of alike calls as trees: each joining of two of them makes one entry needless.
  const parents = Int32Array.from(spelled, (_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parents[root] !== root) root = parents[root]!;
    return root;
  };
  let twice = 0;
  for (const [at, each] of spelled.entries())
    for (const other of each.cuts.flatMap((cut) => byOwn.get(cut) ?? [])) {
      const [one, two] = [rootOf(at), rootOf(other)];
      if (one === two || !agree(each, spelled[other]!)) continue;
      parents[one] = two;
      twice += 1;
    }
  return twice;
}

interface Spelling {
  /** With as many values by position as it has. */
  readonly own: string;
  /** The same with that many, one less, and so on to none. */
  readonly cuts: readonly string[];
  readonly named: ReadonlyMap<number, string>;
}

function spellingOf({ byPosition, byName }: KeptCall, identityOf: (value: CallValue) => string): Spelling {
  const positions = byPosition.map(identityOf);
  const named = new Map(byName.map(({ name, value }) => [name as number, identityOf(value)]));
  const cuts = Array.from({ length: positions.length + 1 }, (_, less) => {
    const kept = positions.length - less;
    const rest = [...positions.slice(kept), ...named.values()].toSorted();
    return JSON.stringify([positions.slice(0, kept), rest]);
  });
  return { own: cuts[0] ?? "", cuts, named };
}

/** Values that both give by name are equal under that name. */
function agree(a: Spelling, b: Spelling): boolean {
  return [...a.named].every(([name, value]) => !b.named.has(name) || b.named.get(name) === value);
}
