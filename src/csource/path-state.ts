// What is known at one point of one path through a function: which variable holds which object or block of memory, how many
// references to it this path owns, and what has been asked already.

import type { CSpan } from "./c-tree.ts";

export type ValueKind =
  /** A new reference. */
  | "new"
  /** Raw memory. */
  | "memory"
  /** An object that was there before: a parameter, a borrowed reference, the result of a function we do not know. */
  | "found"
  | "singleton"
  | "number";

/** Replaced, never changed: paths share it. */
export interface PathValue {
  readonly kind: ValueKind;
  /** Where it came up. Of a found object: where the reference was taken with Py_INCREF. */
  readonly site: CSpan;
  /** Who made it: PyList_New. */
  readonly maker: string;
  /** References, or blocks, that this path has to give away or release. */
  readonly owned: number;
  /** Given to somebody we do not know. Nothing more is said of it. */
  readonly escaped: boolean;
  readonly isNull: boolean | null;
  /** Of a number that was only compared: what it may be, 1 below zero, 2 zero, 4 above zero. */
  readonly signs: number;
  /** Of a number. */
  readonly number: number | null;
  /** Of memory from realloc: what it replaces unless it is NULL. */
  readonly replaces: number | null;
  /** Where a reference was last given away that may not have been owned. */
  readonly givenAt: CSpan | null;
}

/** A decision on the way here, the latest first. */
export interface Trail {
  readonly at: CSpan;
  readonly truth: boolean;
  readonly before: Trail | null;
}

export interface Answer {
  readonly truth: boolean;
  readonly askedAt: number;
}

export interface PathState {
  /** "x", "self->x" */
  readonly places: Map<string, number>;
  readonly values: Map<number, PathValue>;
  /** Text of a test, with its answer and where it was asked first. */
  readonly answers: Map<string, Answer>;
  trail: Trail | null;
  nextValue: number;
}

export function emptyState(): PathState {
  return { places: new Map(), values: new Map(), answers: new Map(), trail: null, nextValue: 0 };
}

/** O(places + values + answers). */
export function copyState(state: PathState): PathState {
  return {
    places: new Map(state.places),
    values: new Map(state.values),
    answers: new Map(state.answers),
    trail: state.trail,
    nextValue: state.nextValue,
  };
}

const BLANK: Omit<PathValue, "kind" | "site" | "maker"> = {
  owned: 0,
  escaped: false,
  isNull: null,
  signs: 7,
  number: null,
  replaces: null,
  givenAt: null,
};

export function addValue(
  state: PathState,
  value: Pick<PathValue, "kind" | "site" | "maker"> & Partial<PathValue>,
): number {
  const id = state.nextValue++;
  state.values.set(id, { ...BLANK, ...value });
  return id;
}

export function changeValue(state: PathState, id: number, change: Partial<PathValue>): void {
  const value = state.values.get(id);
  if (value !== undefined) state.values.set(id, { ...value, ...change });
}

export function isHeld(state: PathState, id: number): boolean {
  for (const held of state.places.values()) if (held === id) return true;
  return false;
}

/** This path must still release it or give it away. */
export function isOwed(value: PathValue): boolean {
  return value.owned > 0 && !value.escaped && value.isNull !== true;
}

/** Drops what nobody can reach and nobody owes, so that paths that differ in it meet again. */
function forgetUnreachable(state: PathState): void {
  const held = new Set(state.places.values());
  for (const [id, value] of state.values) {
    if (held.has(id) || isOwed(value) || value.kind === "singleton") continue;
    state.values.delete(id);
  }
}

/** Equal for states from which the same can happen. */
export function stateKey(state: PathState): string {
  forgetUnreachable(state);
  const numbers = new Map<number, number>();
  const parts: string[] = [];
  for (const place of Array.from(state.places.keys()).toSorted()) {
    const id = state.places.get(place) ?? -1;
    let number = numbers.get(id);
    if (number === undefined) numbers.set(id, (number = numbers.size));
    const value = state.values.get(id);
    parts.push(`${place}=${number}${value === undefined ? "" : describe(value)}`);
  }
  for (const [id, value] of state.values) if (!numbers.has(id)) parts.push(describe(value));
  for (const test of Array.from(state.answers.keys()).toSorted())
    parts.push(`${test}?${state.answers.get(test)?.truth}`);
  return parts.join(";");
}

function describe({ kind, site, owned, escaped, isNull, number, signs }: PathValue): string {
  return `${kind[0]}${kind === "found" || kind === "number" ? "" : site.start}/${owned}${escaped ? "!" : ""}${isNull}${number}${signs}`;
}
