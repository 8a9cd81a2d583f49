// What a call does to references and memory.

import type { CCall, CExpression } from "./c-tree.ts";
import { ALLOCATES, FREES, KEEPS_POINTER, LOOKS, REALLOCATES } from "./memory-table.ts";
import { addValue, changeValue, type PathState } from "./path-state.ts";
import { forgetShared, giveAway, giveUp, loseIfUnheld, type PathWalk } from "./path-walk.ts";
import { placeOf } from "./place.ts";
import { referenceNote, type ReferenceNote } from "./reference-table.ts";

type Operand = number | null;
type Store = (target: CExpression, value: Operand) => void;

const TAKES = /^Py_X?INCREF$|^Py_IncRef$|^_Py_INCREF\w*$/;
const RELEASES = /^Py_X?DECREF(?:_TS)?$|^Py_DecRef$|^_Py_DECREF_\w+$/;
const TAKES_AND_GIVES = /^_?Py_X?NewRef$/;
const REPLACES = /^_?Py_X?SETREF$/;
const CHECKS = /_Check(?:Exact)?$|_CHECK$|Check$/;

/** `operands` are the arguments, evaluated. `store` is an assignment. Gives the result of the call. */
export function applyCall(
  walk: PathWalk,
  state: PathState,
  call: CCall,
  operands: readonly Operand[],
  store: Store,
): Operand {
  const { name } = call;
  const first = operands[0] ?? null;
  if (COUNTS.test(name)) return applyCount(walk, state, call, operands, store);
  if (FREES.has(name)) return release(walk, state, first);
  if (ALLOCATES.has(name)) return addValue(state, { kind: "memory", site: call, maker: name, owned: 1 });
  if (REALLOCATES.has(name)) return reallocate(walk, state, call, first);
  if (LOOKS.has(name) || CHECKS.test(name)) return null;
  const note = referenceNote(name);
  return note === null ? applyUnknown(walk, state, call, operands) : applyKnown(walk, state, { call, note, operands });
}

/** Any that changes a count by its name alone. */
const COUNTS = /CREF|[cwn]Ref$|^Py_CLEAR$|SETREF$/;

function applyCount(
  walk: PathWalk,
  state: PathState,
  call: CCall,
  operands: readonly Operand[],
  store: Store,
): Operand {
  const { name } = call;
  const first = operands[0] ?? null;
  if (TAKES.test(name)) return takeReference(state, call, first);
  if (RELEASES.test(name)) return release(walk, state, first);
  if (name === "Py_CLEAR") return clear(walk, state, call, first, store);
  if (TAKES_AND_GIVES.test(name)) {
    takeReference(state, call, first);
    return first;
  }
  if (REPLACES.test(name) && call.args[0] !== undefined) {
    release(walk, state, first);
    store(call.args[0], operands[1] ?? null);
    return null;
  }
  return applyUnknown(walk, state, call, operands);
}

function takeReference(state: PathState, call: CCall, operand: Operand): null {
  const value = operand === null ? undefined : state.values.get(operand);
  if (operand === null || value === undefined || value.kind === "number") return null;
  const change = value.kind === "found" ? { site: call, maker: call.name } : {};
  changeValue(state, operand, { ...change, owned: Math.min(value.owned + 1, 2) });
  return null;
}

function release(walk: PathWalk, state: PathState, operand: Operand): null {
  const value = operand === null ? undefined : state.values.get(operand);
  if (operand === null || value === undefined) return null;
  if (value.owned === 1) walk.settled.add(value.site.start);
  changeValue(state, operand, { owned: Math.max(value.owned - 1, -2) });
  return null;
}

function clear(walk: PathWalk, state: PathState, call: CCall, operand: Operand, store: Store): null {
  release(walk, state, operand);
  const target = call.args[0];
  if (target !== undefined) {
    store(target, addValue(state, { kind: "number", site: call, maker: "", number: 0, isNull: true }));
  }
  return null;
}

function reallocate(walk: PathWalk, state: PathState, call: CCall, operand: Operand): Operand {
  const before = operand === null ? undefined : state.values.get(operand);
  if (operand === null || before?.kind !== "memory" || before.owned < 1 || before.escaped) {
    // What was there before belongs to somebody else, and so does what replaces it.
    return null;
  }
  walk.settled.add(before.site.start);
  changeValue(state, operand, { owned: 0 });
  return addValue(state, { kind: "memory", site: call, maker: call.name, owned: 1, replaces: operand });
}

interface KnownCall {
  readonly call: CCall;
  readonly note: ReferenceNote;
  readonly operands: readonly Operand[];
}

function applyKnown(walk: PathWalk, state: PathState, { call, note, operands }: KnownCall): Operand {
  const { name } = call;
  operands.forEach((operand, position) => {
    if (operand === null) return;
    if (note.steals.includes(position)) giveAway(walk, state, operand, call);
    else if (KEEPS_POINTER.has(name) || takesWithN(call)) giveUp(walk, state, operand);
    else loseIfUnheld(walk, state, operand, { kind: "argument", at: call.args[position] ?? call, takenBy: name });
  });
  if (mayRunCode(name)) forgetShared(walk, state);
  switch (note.result) {
    case "new":
      return addValue(state, { kind: "new", site: call, maker: name, owned: 1, isNull: note.mayFail ? null : false });
    case "borrowed":
      return addValue(state, { kind: "found", site: call, maker: name });
    case "plain":
      return null;
    default:
      return note.result satisfies never;
  }
}

/** Calls that only read what they are given leave the program's other variables alone. */
const mayRunCode = (name: string): boolean => !/^Py(?:Err|Tuple|List|Long|Float|Bytes|Unicode|Mem)_/.test(name);

/** `N` in a format hands the reference over. Which argument it means is not worth counting. */
function takesWithN({ name, args }: CCall): boolean {
  if (!/BuildValue|CallFunction|CallMethod/.test(name)) return false;
  return args.some((arg) => arg.kind === "literal" && /^"[^"]*N/.test(arg.text));
}

function applyUnknown(walk: PathWalk, state: PathState, call: CCall, operands: readonly Operand[]): Operand {
  for (const operand of operands) if (operand !== null) giveUp(walk, state, operand);
  for (const used of walk.macroNames.get(call.name) ?? []) {
    const held = state.places.get(used);
    if (held !== undefined) giveUp(walk, state, held);
  }
  // `obj->x` was given to it: it may have been released through `obj`.
  for (const arg of call.args) {
    const place = placeOf(arg);
    if (place === null) continue;
    for (const [inner, id] of state.places) if (inner.startsWith(`${place}->`)) giveUp(walk, state, id);
  }
  forgetShared(walk, state);
  return addValue(state, { kind: "found", site: call, maker: call.name });
}
