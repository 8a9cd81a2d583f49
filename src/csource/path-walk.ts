// What a walk over the paths of one function carries along and writes down.

import type { CFunction, CSpan, CTree } from "./c-tree.ts";
import { changeValue, isHeld, isOwed, type PathState, type PathValue, type Trail } from "./path-state.ts";

/** How a path loses what it owes. */
export type LossKind =
  /** It returns and the variable is gone. */
  | "return"
  /** The last variable that held it gets another value. */
  | "overwritten"
  /** Nobody looked at the result. */
  | "ignored"
  /** It went as an argument into a function that makes its own reference. */
  | "argument";

export interface Loss {
  readonly value: PathValue;
  readonly kind: LossKind;
  readonly at: CSpan;
  readonly trail: Trail | null;
  /** Variables that held it. */
  readonly holders: readonly string[];
  /** For `argument`: the function it was passed to. */
  readonly takenBy: string;
}

/** A reference given away that was not this path's to give: Py_None returned without a new reference. */
export interface Shortage {
  readonly value: PathValue;
  readonly at: CSpan;
}

export interface PathWalk {
  readonly tree: CTree;
  readonly function: CFunction;
  /** Variables that die with the call. */
  readonly locals: ReadonlySet<string>;
  /** Names that a macro of this file uses, by macro. */
  readonly macroNames: ReadonlyMap<string, readonly string[]>;
  readonly losses: Loss[];
  readonly shortages: Shortage[];
  /** Where values came up that some path does give away or release: by start of the site. */
  readonly settled: Set<number>;
}

/** Says whether everything this path owes under `id` has an owner again; writes down a loss if not. */
export function loseIfUnheld(
  walk: PathWalk,
  state: PathState,
  id: number,
  loss: { kind: LossKind; at: CSpan; takenBy?: string; holders?: readonly string[] },
): void {
  const value = state.values.get(id);
  if (value === undefined || !isOwed(value) || isHeld(state, id)) return;
  if (value.kind !== "new" && value.kind !== "memory") return;
  const { kind, at, takenBy = "", holders = [] } = loss;
  walk.losses.push({ value, kind, at, trail: state.trail, holders, takenBy });
  state.values.delete(id);
}

/** One reference, or the block, changes its owner. */
export function giveAway(walk: PathWalk, state: PathState, id: number, at: CSpan): void {
  const value = state.values.get(id);
  if (value === undefined) return;
  if (value.owned === 1) walk.settled.add(value.site.start);
  if (value.kind === "memory") changeValue(state, id, { escaped: true, owned: 0 });
  else changeValue(state, id, { owned: Math.max(value.owned - 1, -2), givenAt: value.owned <= 0 ? at : value.givenAt });
}

/** Somebody we do not know has it now. */
export function giveUp(walk: PathWalk, state: PathState, id: number): void {
  const value = state.values.get(id);
  if (value === undefined || value.kind === "number" || value.kind === "singleton") return;
  if (value.owned > 0) walk.settled.add(value.site.start);
  changeValue(state, id, { escaped: true });
}

/** What was known of a variable is out of date. */
export function forgetAnswers(state: PathState, place: string): void {
  const name = new RegExp(`(?<![\\w.>])${place.replace(/[^\w]/g, "\\$&")}(?!\\w)`);
  for (const text of state.answers.keys()) if (!text.startsWith("#") && name.test(text)) state.answers.delete(text);
  const inside = `${place}->`;
  for (const held of state.places.keys()) if (held.startsWith(inside)) state.places.delete(held);
}

/**
 * An unknown function may have changed everything that is not a plain local variable. Answers stay: a condition asked twice
 * is nearly always meant to have one answer, and a wrong guess loses paths, not truth. Loops forget them (forgetLoop).
 */
export function forgetShared(walk: PathWalk, state: PathState): void {
  for (const place of state.places.keys()) {
    const value = state.values.get(state.places.get(place) ?? -1);
    if (!walk.locals.has(place) && value?.kind !== "singleton") state.places.delete(place);
  }
}

/** The next round of a loop asks its own questions again. */
export function forgetLoop(state: PathState, loop: CSpan): void {
  for (const [text, { askedAt }] of state.answers) {
    if (askedAt >= loop.start && askedAt < loop.end) state.answers.delete(text);
  }
}
