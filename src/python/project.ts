// The project: every file's facts, linked. This is what `judge` of a rule asks. Parts that not every rule needs are made
// when first asked for.

import { buildCallGraph, type CallEdge, type CallGraph } from "./call-graph.ts";
import { findContexts, type Context, type Contexts } from "./contexts.ts";
import type { ClassDefinition, ContainerDefinition, FunctionDefinition } from "./definitions.ts";
import { findEntryPoints, type EntryPoint } from "./entry-points.ts";
import type { ModuleFacts } from "./facts.ts";
import { findDecorators } from "./find-decorators.ts";
import { findInstances, type Making } from "./instances.ts";
import { linkContainers, type ProjectContainers } from "./link-containers.ts";
import { linkNames } from "./link-names.ts";
import type { KnownAnswers } from "./remembered.ts";

/** One call of a function of the project. */
export interface KnownCall {
  readonly edge: CallEdge;
  /** Null for the body of the module. */
  readonly caller: FunctionDefinition | null;
  readonly module: ModuleFacts;
}

export interface Project {
  readonly files: readonly ModuleFacts[];
  /** Null if no file has that name. */
  readonly moduleOf: (name: string) => ModuleFacts | null;
  /** The absolute name that `name` leads to through imports, aliases, re-exports and bases. */
  readonly resolve: (name: string) => string;
  /** These take any name that leads to the definition. */
  readonly functionOf: (name: string) => FunctionDefinition | null;
  readonly classOf: (name: string) => ClassDefinition | null;
  readonly containerOf: (name: string) => ContainerDefinition | null;
  readonly functions: readonly FunctionDefinition[];
  readonly classes: readonly ClassDefinition[];
  readonly containers: readonly ContainerDefinition[];
  /** The function a fact with `inside` belongs to; null for the module's body. */
  readonly functionAt: (file: ModuleFacts, inside: number) => FunctionDefinition | null;
  /** The class and its bases, nearest first, those outside the project by their absolute names. */
  readonly ancestry: (className: string) => readonly string[];
  readonly isSubclass: (className: string, base: string) => boolean;
  readonly methodOf: (className: string, method: string) => FunctionDefinition | null;
  readonly callersOf: (definition: FunctionDefinition) => readonly KnownCall[];
  readonly calleesOf: (definition: FunctionDefinition) => readonly FunctionDefinition[];
  /** Used as a decorator in the project, or made like one. */
  readonly isDecorator: (definition: FunctionDefinition) => boolean;
  /** Written by remembered.ts alone. */
  readonly answers: KnownAnswers;
  readonly entryPoints: () => readonly EntryPoint[];
  /** The strongest context; see `contextsOf` for all. */
  readonly contextOf: (definition: FunctionDefinition) => Context;
  readonly contextsOf: (definition: FunctionDefinition) => readonly Context[];
  /** True: only while modules are imported. A site outside functions is import time as well. */
  readonly isImportTimeOnly: (definition: FunctionDefinition | null) => boolean;
  /** Where objects of exactly this class are made. */
  readonly makingsOf: (className: string) => readonly Making[];
  /** Absolute names of globals and attributes that hold one: `app.web.store`, `app.web.Server.store`. */
  readonly holdersOf: (className: string) => readonly string[];
  /** Whether any file imports `module` or something in it. */
  readonly imports: (module: string) => boolean;
}

/** Links facts. Linear in definitions and sites; the call graph is built when first asked for. */
export function linkProject(files: readonly ModuleFacts[]): Project {
  const names = linkNames(files);
  const containers = lazily((): ProjectContainers => linkContainers(files, names));
  const graph = lazily((): CallGraph => buildCallGraph(files, names));
  const entries = lazily(() => findEntryPoints(files, names));
  const contexts = lazily((): Contexts => findContexts(graph(), entries(), names));
  const instances = lazily(() => findInstances(files, names));
  const decorators = lazily(() => findDecorators(names));
  const imported = lazily(() => importedModules(files));
  return {
    files,
    moduleOf: (name) => names.modules.get(name) ?? null,
    resolve: names.settle,
    functionOf: (name) => names.functionByName.get(names.settle(name)) ?? null,
    classOf: (name) => names.classByName.get(names.settle(name)) ?? null,
    containerOf: (name) => containers().containerByName.get(names.settle(name)) ?? null,
    functions: names.functions,
    classes: names.classes,
    get containers() {
      return containers().containers;
    },
    functionAt: (file, inside) =>
      inside < 0 ? null : (names.functions[(names.firstFunction.get(file) ?? 0) + inside] ?? null),
    ancestry: names.ancestry,
    isSubclass: (className, base) => names.ancestry(className).includes(names.settle(base)),
    methodOf: names.methodOf,
    callersOf: ({ id }) => knownCalls(graph(), id, names.functions),
    calleesOf: ({ id }) => definitionsAt(graph().from(id), names.functions),
    isDecorator: ({ id }) => decorators().has(id),
    answers: new Map(),
    entryPoints: entries,
    contextOf: (definition) => contexts().of(definition),
    contextsOf: (definition) => contexts().allOf(definition),
    isImportTimeOnly: (definition) => definition === null || contexts().isImportTimeOnly(definition),
    makingsOf: (className) => instances().makingsOf(className),
    holdersOf: (className) => instances().holdersOf(className),
    imports: (module) => imported().has(module),
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function knownCalls(graph: CallGraph, id: number, functions: readonly FunctionDefinition[]): readonly KnownCall[] {
  return graph.to(id).flatMap((edge) => {
    const caller = functions[edge.from] ?? null;
    const module = caller?.module ?? graph.files[edge.from - functions.length];
    return module === undefined ? [] : [{ edge, caller, module }];
  });
}

function definitionsAt(edges: readonly CallEdge[], functions: readonly FunctionDefinition[]): FunctionDefinition[] {
  return edges.flatMap(({ to }) => functions[to] ?? []);
}

/** Every imported module and its parents: `a.b.c` counts for `a` and `a.b`. */
function importedModules(files: readonly ModuleFacts[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { imports } of files) {
    for (const { target } of imports) {
      for (let name = target; name !== "" && !found.has(name); name = name.slice(0, Math.max(0, name.lastIndexOf("."))))
        found.add(name);
    }
  }
  return found;
}
