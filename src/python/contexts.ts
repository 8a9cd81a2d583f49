// When functions run: from which entry point they are reached, and by which calls.

import type { SourceRange } from "../model/finding.ts";
import type { CallEdge, CallGraph } from "./call-graph.ts";
import type { FunctionDefinition } from "./definitions.ts";
import type { ContextKind } from "./entry-points/entry-point.ts";
import type { EntryPoint } from "./entry-points.ts";
import { isUnder, rangeAt, type ModuleFacts } from "./facts.ts";
import type { ProjectNames } from "./link-names.ts";

export interface ChainStep {
  /** Absolute name of the function; the module's for its body. */
  readonly name: string;
  /** Where the next one is called, or where the entry point is registered. */
  readonly at: SourceRange;
}

export interface Context {
  readonly kind: ContextKind;
  /** "a route (Flask)", "called in an endless loop"; "" for unknown and import. */
  readonly why: string;
  /** From the entry point to the function; of a long way the entry point and the last steps. Empty when nothing is known. */
  readonly chain: readonly ChainStep[];
  /** False when a call was matched by the name of a method alone, or a function was only handed over. */
  readonly isSure: boolean;
}

export interface Contexts {
  readonly of: (definition: FunctionDefinition) => Context;
  /** Every kind that reaches the function. */
  readonly allOf: (definition: FunctionDefinition) => readonly Context[];
  readonly isImportTimeOnly: (definition: FunctionDefinition) => boolean;
}

const REACHING: readonly ContextKind[] = ["request", "task", "loop", "thread", "event", "command", "main", "test"];

/** Reached nodes of one kind: how they were reached, and the entry points among them. */
interface Reach {
  readonly kind: ContextKind;
  readonly via: ReadonlyMap<number, Arrival>;
  readonly starts: ReadonlyMap<number, Start>;
}

interface Arrival {
  readonly edge: CallEdge;
  /** The entry point that the way begins with. */
  readonly start: number;
  /** By sure calls all the way. */
  readonly isSure: boolean;
}

interface Start {
  readonly why: string;
  readonly steps: readonly ChainStep[];
}

/** One pass over the calls per kind, made at once. */
export function findContexts(graph: CallGraph, entries: readonly EntryPoint[], names: ProjectNames): Contexts {
  const reaches = REACHING.map((kind) => spread(graph, kind, startsOf(kind, graph, entries, names)));
  const running = runningNodes(graph, entries, names);
  const nothing = (kind: ContextKind): Context => ({ kind, why: "", chain: [], isSure: true });
  const known = new Map<number, readonly Context[]>();
  const allOf = ({ id }: FunctionDefinition): readonly Context[] => {
    let contexts = known.get(id);
    if (contexts === undefined) {
      contexts = reaches.filter((reach) => isReached(reach, id)).map((reach) => contextIn(reach, id, graph, names));
      if (contexts.length === 0) contexts = [nothing(running[id] === 1 ? "unknown" : "import")];
      known.set(id, contexts);
    }
    return contexts;
  };
  return {
    allOf,
    of: (definition) => allOf(definition)[0] ?? nothing("unknown"),
    isImportTimeOnly: ({ id }) => running[id] !== 1,
  };
}

function isReached({ via, starts }: Reach, node: number): boolean {
  return via.has(node) || starts.has(node);
}

function startsOf(
  kind: ContextKind,
  graph: CallGraph,
  entries: readonly EntryPoint[],
  names: ProjectNames,
): ReadonlyMap<number, Start> {
  const starts = new Map<number, Start>();
  for (const entry of entries) {
    if (entry.kind !== kind || starts.has(entry.function.id)) continue;
    starts.set(entry.function.id, { why: `${entry.why} (${entry.framework})`, steps: [stepOf(entry)] });
  }
  if (kind === "loop") addLoops(starts, graph, names);
  if (kind === "main") addMains(starts, graph, names);
  return starts;
}

function stepOf({ function: definition, module, at }: EntryPoint): ChainStep {
  return { name: definition.name, at: rangeAt(module.path, at) };
}

function addLoops(starts: Map<number, Start>, graph: CallGraph, names: ProjectNames): void {
  for (const edge of graph.edges) {
    if (isUnder(edge, "firstTime")) continue;
    if (!isUnder(edge, "endless") || (edge.how !== "call" && edge.how !== "run") || starts.has(edge.to)) continue;
    if (names.functions[edge.from]?.module.isTest === true) continue;
    starts.set(edge.to, { why: "called in an endless loop", steps: [edgeStep(edge, graph, names)] });
  }
}

function addMains(starts: Map<number, Start>, graph: CallGraph, names: ProjectNames): void {
  for (const edge of graph.edges) {
    if (!isUnder(edge, "main") || starts.has(edge.to)) continue;
    starts.set(edge.to, { why: 'under if __name__ == "__main__"', steps: [edgeStep(edge, graph, names)] });
  }
}

function edgeStep(edge: CallEdge, graph: CallGraph, names: ProjectNames): ChainStep {
  const caller = names.functions[edge.from];
  const file = fileOf(edge.from, graph, names);
  const { line, column } = edge;
  return {
    name: caller?.name ?? file.module,
    at: rangeAt(file.path, [line, column, line, column]),
  };
}

function fileOf(node: number, graph: CallGraph, names: ProjectNames): ModuleFacts {
  const file = names.functions[node]?.module ?? graph.files[node - names.functions.length];
  if (file === undefined) throw new RangeError(`no file for node ${node}`);
  return file;
}

/** Contexts in which the same code runs again and again. */
const AGAIN: ReadonlySet<ContextKind> = new Set(["request", "task", "loop", "event"]);

/** Sure calls first, so that what they reach is never explained by a guess. */
function spread(graph: CallGraph, kind: ContextKind, starts: ReadonlyMap<number, Start>): Reach {
  const via = new Map<number, Arrival>();
  const queue = [...starts.keys()];
  // What is done where there is nothing yet is not done every time.
  const isOnce = (edge: CallEdge): boolean => AGAIN.has(kind) && isUnder(edge, "firstTime");
  for (const sureOnly of [true, false]) {
    const nodes = sureOnly ? queue : queue.slice();
    for (let at = 0; at < nodes.length; at++) {
      const from = nodes[at] ?? 0;
      for (const edge of graph.from(from)) {
        if (via.has(edge.to) || starts.has(edge.to) || (sureOnly && !isSure(edge)) || isOnce(edge)) continue;
        via.set(edge.to, { edge, start: via.get(from)?.start ?? from, isSure: sureOnly });
        nodes.push(edge.to);
      }
    }
  }
  return { kind, via, starts };
}

function isSure({ how }: CallEdge): boolean {
  return how === "call" || how === "wraps" || how === "run";
}

/** Steps of a way that are kept, the entry point left out: rules ask for fewer, and a chain of calls may be long. */
const MOST_STEPS = 6;

/** O(1): of a long way only the end is looked at. */
function contextIn({ kind, via, starts }: Reach, node: number, graph: CallGraph, names: ProjectNames): Context {
  const arrival = via.get(node);
  const start = starts.get(arrival?.start ?? node);
  const steps: ChainStep[] = [];
  for (let each = arrival; each !== undefined && steps.length < MOST_STEPS; each = via.get(each.edge.from))
    steps.push(edgeStep(each.edge, graph, names));
  return {
    kind,
    why: start?.why ?? "",
    chain: [...(start?.steps ?? []), ...steps.reverse()],
    isSure: arrival?.isSure ?? true,
  };
}

/**
 * Nodes that may run after the imports: entry points, functions that nobody calls by a known name (users of a library
 * may) or that are handed over as values, and whatever these call. Calls from tests do not count.
 */
function runningNodes(graph: CallGraph, entries: readonly EntryPoint[], names: ProjectNames): Uint8Array {
  const running = new Uint8Array(graph.nodeCount);
  const queue: number[] = [];
  const start = (node: number): void => {
    if (running[node] === 1) return;
    running[node] = 1;
    queue.push(node);
  };
  for (const { function: definition, kind } of entries) if (kind !== "test") start(definition.id);
  for (const { id, fact } of names.functions) if (fact.escapes === true || !hasKnownCaller(graph, id, names)) start(id);
  for (const edge of graph.edges)
    if (isUnder(edge, "main") || edge.how === "handed" || edge.how === "run") start(edge.to);
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at] ?? 0;
    if (names.functions[node]?.module.isTest === true) continue;
    for (const edge of graph.from(node)) start(edge.to);
  }
  return running;
}

function hasKnownCaller(graph: CallGraph, node: number, names: ProjectNames): boolean {
  return graph.to(node).some((edge) => edge.how === "call" && edge.from !== node && !isTest(edge.from, graph, names));
}

function isTest(node: number, graph: CallGraph, names: ProjectNames): boolean {
  return fileOf(node, graph, names).isTest;
}
