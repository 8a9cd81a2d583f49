// Walks the paths of a function: every block with every different state it can be entered in, up to a limit. What lies
// beyond the limit is not looked at: a path that was looked at stands for itself, so nothing false follows from stopping.

import { branchOn, byText } from "./branch.ts";
import type { CFunction, CTree } from "./c-tree.ts";
import { declare, evaluate } from "./evaluate.ts";
import { flowGraphOf, type FlowBlock, type FlowExit, type FlowGraph } from "./flow-graph.ts";
import { copyState, emptyState, isOwed, stateKey, type PathState } from "./path-state.ts";
import { forgetLoop, giveAway, loseIfUnheld, type PathWalk } from "./path-walk.ts";

/** Different states one block is entered in, and blocks entered in all. */
const STATES_PER_BLOCK = 24;
const STEPS_PER_FUNCTION = 2_000;

/** O(blocks * states per block * size of a state). */
export function walkPaths(tree: CTree, fn: CFunction, macroNames: PathWalk["macroNames"]): PathWalk {
  const graph = flowGraphOf(fn);
  const walk: PathWalk = {
    tree,
    function: fn,
    locals: localsOf(fn, graph),
    macroNames,
    losses: [],
    shortages: [],
    settled: new Set(),
  };
  const seen = graph.map(() => new Set<string>());
  const waiting: { block: number; state: PathState }[] = [{ block: 0, state: emptyState() }];
  for (let steps = 0; steps < STEPS_PER_FUNCTION; steps++) {
    const next = waiting.pop();
    if (next === undefined) break;
    const block = graph[next.block];
    const known = seen[next.block];
    if (block === undefined || known === undefined || known.size >= STATES_PER_BLOCK) continue;
    const key = stateKey(next.state);
    if (known.has(key)) continue;
    known.add(key);
    for (const successor of runBlock(walk, block, next.state)) waiting.push(successor);
  }
  return walk;
}

function localsOf(fn: CFunction, graph: FlowGraph): Set<string> {
  const locals = new Set(fn.parameters.map(({ name }) => name));
  const outlives = new Set<string>();
  for (const { steps } of graph) {
    for (const step of steps) {
      if (step.kind === "declare") (step.variable.outlives ? outlives : locals).add(step.variable.name);
    }
  }
  return new Set([...locals].filter((name) => !outlives.has(name)));
}

interface Successor {
  readonly block: number;
  readonly state: PathState;
}

function runBlock(walk: PathWalk, block: FlowBlock, state: PathState): Successor[] {
  for (const step of block.steps) {
    if (step.kind === "declare") {
      declare(walk, state, step.variable);
      continue;
    }
    const result = evaluate(walk, state, step.expression);
    if (result !== null) loseIfUnheld(walk, state, result, { kind: "ignored", at: step.expression });
  }
  return leaveBlock(walk, block.exit, state);
}

function leaveBlock(walk: PathWalk, exit: FlowExit, state: PathState): Successor[] {
  switch (exit.kind) {
    case "jump":
      if (exit.loop !== undefined) forgetLoop(state, exit.loop);
      return [{ block: exit.to, state }];
    case "choose":
      return exit.to.map((block) => ({ block, state: copyState(state) }));
    case "condition": {
      const { yes, no } = byText(state, exit.text, { start: 0, end: 0 });
      return successors(exit, yes, no);
    }
    case "branch": {
      const before = state.nextValue;
      const { yes, no } = branchOn(walk, state, exit.test);
      for (const side of [yes, no]) loseFresh(walk, side, before, exit);
      return successors(exit, yes, no);
    }
    case "return":
      leaveFunction(walk, exit, state);
      return [];
    case "dead":
      return [];
    default:
      return exit satisfies never;
  }
}

function successors(
  exit: { readonly yes: number; readonly no: number },
  yes: PathState | null,
  no: PathState | null,
): Successor[] {
  return [
    ...(yes === null ? [] : [{ block: exit.yes, state: yes }]),
    ...(no === null ? [] : [{ block: exit.no, state: no }]),
  ];
}

/** `if (PyObject_CallNoArgs(f) == NULL)`: what the test made and nobody kept. */
function loseFresh(
  walk: PathWalk,
  state: PathState | null,
  before: number,
  exit: Extract<FlowExit, { kind: "branch" }>,
): void {
  if (state === null) return;
  for (const id of state.values.keys()) {
    if (id >= before) loseIfUnheld(walk, state, id, { kind: "ignored", at: exit.test });
  }
}

function leaveFunction(walk: PathWalk, exit: Extract<FlowExit, { kind: "return" }>, state: PathState): void {
  if (exit.value !== null) {
    const result = evaluate(walk, state, exit.value);
    if (result !== null && walk.function.returnsPointer) giveAway(walk, state, result, exit.at);
  }
  const holders = new Map<number, string[]>();
  for (const [place, id] of state.places) {
    const names = holders.get(id) ?? [];
    names.push(place);
    holders.set(id, names);
  }
  for (const [id, value] of state.values) {
    if (value.kind === "singleton" && value.owned < 0 && !value.escaped && value.givenAt !== null) {
      walk.shortages.push({ value, at: value.givenAt });
    }
    if (!isOwed(value) || value.kind === "singleton" || value.kind === "number") continue;
    walk.losses.push({
      value,
      kind: "return",
      at: exit.at,
      trail: state.trail,
      holders: holders.get(id) ?? [],
      takenBy: "",
    });
  }
}
