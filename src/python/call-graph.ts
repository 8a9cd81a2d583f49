// Who calls whom over the project. Nodes are functions (by id) and, after them, the bodies of the files. An edge by name
// stands for a method call on an unknown object whose name few methods of the project have.

import type { FunctionDefinition } from "./definitions.ts";
import { calleeIn, type ModuleFacts } from "./facts.ts";
import type { ProjectNames } from "./link-names.ts";

/** More methods of one name than this, and a call of an unknown object's method says nothing. */
const MOST_NAMESAKES = 3;

/** Callees that call what they are given, soon and once. */
const RUNNERS =
  /(?:^|\.)(?:submit|run_in_executor|to_thread|run_in_threadpool|run_sync|add_task|start_new_thread|call_soon|call_soon_threadsafe|call_later|spawn|start_soon|Thread|Timer|apply_async|deferToThread|callInThread|callFromThread)$/;

/** Methods of a function object that run it: Celery's, Dramatiq's, functools'. */
const DELEGATES: ReadonlySet<string> = new Set([
  "delay",
  "apply_async",
  "apply",
  "s",
  "si",
  "signature",
  "send",
  "send_with_options",
  "__wrapped__",
  "__call__",
]);

export interface CallEdge {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly column: number;
  /** Bits of SITE. */
  readonly flags: number;
  /** One letter per argument, see CallRow. */
  readonly args: string;
  /**
   * call: seen. name: by the method's name alone. handed: given to somebody as a value. run: given to a pool or a thread,
   * which calls it once for each time. wraps: decorator around.
   */
  readonly how: "call" | "name" | "handed" | "run" | "wraps";
}

export interface CallGraph {
  readonly files: readonly ModuleFacts[];
  /** Node of the body of a file. */
  readonly bodyOf: (file: ModuleFacts) => number;
  readonly nodeCount: number;
  readonly edges: readonly CallEdge[];
  /** Edges by caller and by callee. */
  readonly from: (node: number) => readonly CallEdge[];
  readonly to: (node: number) => readonly CallEdge[];
}

const NONE: readonly CallEdge[] = [];

/** Linear in the number of calls. */
export function buildCallGraph(files: readonly ModuleFacts[], names: ProjectNames): CallGraph {
  const bodies = new Map(files.map((file, index) => [file, names.functions.length + index]));
  const nodeCount = names.functions.length + files.length;
  const edges: CallEdge[] = [];
  const targets = targetFinder(names);
  for (const file of files) {
    const nodeOf = nodesIn(file, names, bodies);
    addCalls(file, nodeOf, targets, edges);
    addHandedFunctions(file, nodeOf, names, edges);
    addClassCreation(file, nodeOf, names, edges);
  }
  addWrappers(names, edges);
  const outgoing = grouped(edges, nodeCount, (edge) => edge.from);
  const incoming = grouped(edges, nodeCount, (edge) => edge.to);
  return {
    files,
    bodyOf: (file) => bodies.get(file) ?? -1,
    nodeCount,
    edges,
    from: (node) => outgoing[node] ?? NONE,
    to: (node) => incoming[node] ?? NONE,
  };
}

type NodeOf = (index: number) => number;

function nodesIn(file: ModuleFacts, names: ProjectNames, bodies: ReadonlyMap<ModuleFacts, number>): NodeOf {
  const first = names.firstFunction.get(file) ?? 0;
  const body = bodies.get(file) ?? 0;
  return (index) => (index < 0 ? body : first + index);
}

interface Targets {
  readonly nodes: readonly number[];
  readonly how: "call" | "name";
}

function targetFinder(names: ProjectNames): (callee: string) => Targets {
  const namesakes = methodsByName(names.functions);
  const known = new Map<string, Targets>();
  return (callee) => {
    let found = known.get(callee);
    if (found === undefined) {
      found = callee.startsWith(".")
        ? { nodes: namesakes.get(callee.slice(1)) ?? [], how: "name" }
        : { nodes: calledNodes(names, callee), how: "call" };
      known.set(callee, found);
    }
    return found;
  };
}

function methodsByName(functions: readonly FunctionDefinition[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { id, fact, module } of functions) {
    if (fact.owner === undefined || module.isTest) continue;
    const same = found.get(fact.name);
    if (same === undefined) found.set(fact.name, [id]);
    else same.push(id);
  }
  for (const [name, same] of found) if (same.length > MOST_NAMESAKES) found.delete(name);
  return found;
}

/** The functions that run when `callee` is called: the function, or what a class runs to make an object. */
function calledNodes(names: ProjectNames, callee: string): readonly number[] {
  const name = names.settle(callee);
  const direct = names.functionByName.get(name);
  if (direct !== undefined) return [direct.id];
  if (names.classByName.has(name)) {
    return ["__new__", "__init__", "__post_init__"].flatMap((method) => {
      const found = names.methodOf(name, method);
      return found === null ? [] : [found.id];
    });
  }
  const dot = name.lastIndexOf(".");
  if (dot < 0 || !DELEGATES.has(name.slice(dot + 1))) return [];
  const delegate = names.functionByName.get(names.settle(name.slice(0, dot)));
  return delegate === undefined ? [] : [delegate.id];
}

function addCalls(file: ModuleFacts, nodeOf: NodeOf, targets: (callee: string) => Targets, edges: CallEdge[]): void {
  const found = file.callees.map((_name, row) => targets(calleeIn(file, row)));
  for (const [inside, callee, line, column, flags, args] of file.calls) {
    const target = found[callee];
    if (target === undefined) continue;
    const from = nodeOf(inside);
    for (const to of target.nodes) edges.push({ from, to, line, column, flags, args, how: target.how });
  }
}

function addHandedFunctions(file: ModuleFacts, nodeOf: NodeOf, names: ProjectNames, edges: CallEdge[]): void {
  const flags = file.callbacks.some(({ to }) => RUNNERS.test(to)) ? flagsOfRunners(file) : null;
  for (const callback of file.callbacks) {
    const handed = names.functionByName.get(names.settle(callback.function));
    if (handed === undefined) continue;
    const [line, column] = callback.at;
    const isRun = RUNNERS.test(callback.to);
    const under = isRun ? (flags?.get(`${callback.inside} ${callback.to}`) ?? 0) : 0;
    const how = isRun ? "run" : "handed";
    edges.push({ from: nodeOf(callback.inside), to: handed.id, line, column, flags: under, args: "", how });
  }
}

/** Circumstances of the calls that run what they are given, by caller and callee. */
function flagsOfRunners(file: ModuleFacts): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [inside, callee, , , flags] of file.calls) {
    const name = calleeIn(file, callee);
    if (!RUNNERS.test(name)) continue;
    const key = `${inside} ${name}`;
    found.set(key, (found.get(key) ?? 0) | flags);
  }
  return found;
}

/** A class statement runs `__init_subclass__` of its bases and the methods of its metaclass that make classes. */
function addClassCreation(file: ModuleFacts, nodeOf: NodeOf, names: ProjectNames, edges: CallEdge[]): void {
  for (const fact of file.classes) {
    const creators: (FunctionDefinition | null)[] = fact.bases.map((base) => names.methodOf(base, "__init_subclass__"));
    for (const ancestor of names.ancestry(`${file.module}.${fact.path}`)) {
      const metaclass = names.classByName.get(ancestor)?.fact.metaclass;
      if (metaclass === null || metaclass === undefined) continue;
      for (const method of ["__new__", "__init__", "__prepare__"]) creators.push(names.methodOf(metaclass, method));
    }
    const [line, column] = fact.at;
    const from = nodeOf(fact.inside);
    for (const creator of creators)
      if (creator !== null) edges.push({ from, to: creator.id, line, column, flags: 0, args: "", how: "call" });
  }
}

/** Whoever calls a decorated function runs the inner functions of its decorator that escape. */
function addWrappers(names: ProjectNames, edges: CallEdge[]): void {
  const inner = escapingInner(names.functions, names);
  for (const { id, fact } of names.functions) {
    for (const { name, at, args } of fact.decorators) {
      const decorator = names.functionByName.get(names.settle(name));
      if (decorator === undefined) continue;
      const [line, column] = at;
      for (const to of inner.get(decorator.id) ?? []) {
        if (runsAtDecoration(names.functions[to], decorator, args !== null)) continue;
        edges.push({ from: id, to, line, column, flags: 0, args: "", how: "wraps" });
      }
    }
  }
}

/** `@retry(3)` calls what `retry` returns with the function: the decorator, not the wrapper inside of it. */
function runsAtDecoration(
  inner: FunctionDefinition | undefined,
  decorator: FunctionDefinition,
  isCalled: boolean,
): boolean {
  if (inner === undefined || inner.module !== decorator.module || inner.fact.outer !== decorator.index) return false;
  return isCalled || /^_*(?:dec|deco|decorator|decorate)$/.test(inner.fact.name);
}

function escapingInner(
  functions: readonly FunctionDefinition[],
  names: ProjectNames,
): ReadonlyMap<number, readonly number[]> {
  const inner = new Map<number, number[]>();
  for (const { id, fact, module } of functions) {
    if (fact.escapes !== true) continue;
    const first = names.firstFunction.get(module) ?? 0;
    for (let { outer } = fact; outer !== undefined; outer = module.functions[outer]?.outer) {
      const known = inner.get(first + outer);
      if (known === undefined) inner.set(first + outer, [id]);
      else known.push(id);
    }
  }
  return inner;
}

function grouped(
  edges: readonly CallEdge[],
  nodeCount: number,
  key: (edge: CallEdge) => number,
): readonly (readonly CallEdge[] | undefined)[] {
  const groups: (CallEdge[] | undefined)[] = Array.from({ length: nodeCount });
  for (const edge of edges) {
    const group = groups[key(edge)];
    if (group === undefined) groups[key(edge)] = [edge];
    else group.push(edge);
  }
  return groups;
}
