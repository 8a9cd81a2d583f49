// Names over file borders: which definition an absolute name means after aliases, re-exports, star imports, inheritance
// and objects whose class is known. Every answer is remembered; cycles of imports end by depth.

import type { ClassDefinition, FunctionDefinition } from "./definitions.ts";
import { alternativeNames } from "./alternative-names.ts";
import type { ModuleFacts } from "./facts.ts";

const MAX_STEPS = 24;

export interface ProjectNames {
  readonly modules: ReadonlyMap<string, ModuleFacts>;
  readonly functions: readonly FunctionDefinition[];
  readonly classes: readonly ClassDefinition[];
  /** First row of a file's functions in `functions`. */
  readonly firstFunction: ReadonlyMap<ModuleFacts, number>;
  readonly functionByName: ReadonlyMap<string, FunctionDefinition>;
  readonly classByName: ReadonlyMap<string, ClassDefinition>;
  /** The name of the definition that `name` leads to; what leads out of the project keeps its outside name. */
  readonly settle: (name: string) => string;
  /** The class itself, then its bases, nearest first, the project's and others, all settled. */
  readonly ancestry: (className: string) => readonly string[];
  /** The method of a class or of its nearest base in the project. */
  readonly methodOf: (className: string, method: string) => FunctionDefinition | null;
}

/** What looking names up needs and remembers. */
interface Resolver extends DefinitionTables {
  readonly modules: ReadonlyMap<string, ModuleFacts>;
  /** First words of the names of modules: a name that begins otherwise leads out of the project. */
  readonly heads: ReadonlySet<string>;
  readonly settled: Map<string, string>;
  readonly ancestries: Map<string, readonly string[]>;
}

/** Builds the tables: linear in the number of definitions. Names are settled when asked for. */
export function linkNames(files: readonly ModuleFacts[]): ProjectNames {
  const modules = modulesByName(files);
  const tables = definitionTables(files, modules);
  const heads = new Set([...modules.keys()].map((name) => splitHead(name)[0]));
  const resolver: Resolver = { ...tables, modules, heads, settled: new Map(), ancestries: new Map() };
  return {
    ...tables,
    modules,
    settle: (name) => settle(resolver, name, 0),
    ancestry: (className) => ancestryOf(resolver, settle(resolver, className, 0), 0),
    methodOf: (className, method) => methodOf(resolver, settle(resolver, className, 0), method),
  };
}

function settle(resolver: Resolver, name: string, steps: number): string {
  const { settled, paths } = resolver;
  if (paths.has(name)) return name;
  const known = settled.get(name);
  if (known !== undefined) return known;
  if (steps > MAX_STEPS) return name;
  // Written first so that a cycle of imports finds an end.
  settled.set(name, name);
  const answer = search(resolver, name, steps);
  if (answer !== name) settled.set(name, answer);
  return answer;
}

function search(resolver: Resolver, name: string, steps: number): string {
  const owner = resolver.heads.has(splitHead(name)[0]) ? owningModule(resolver.modules, name) : null;
  if (owner === null) return name;
  const { module, end } = owner;
  if (end === name.length) return module.module;
  const path = name.slice(end + 1);
  const inside = `${module.module}.${path}`;
  return inside !== name && resolver.paths.has(inside) ? inside : memberOf(resolver, module, path, steps + 1);
}

function memberOf(resolver: Resolver, module: ModuleFacts, path: string, steps: number): string {
  const [head, tail] = splitHead(path);
  const name = `${module.module}.${head}`;
  if (resolver.classByName.has(name)) return tail === "" ? name : attributeOf(resolver, name, tail, steps);
  const made = own(module.instances, head);
  if (made !== null && tail !== "") return settle(resolver, `${made}.${tail}`, steps);
  const alias = own(module.aliases, head);
  if (alias !== null && alias !== name) return settle(resolver, join(alias, tail), steps);
  if (made === null && module.stars.length > 0 && !resolver.paths.has(name)) {
    const starred = fromStars(resolver, module, head, steps);
    if (starred !== null) return settle(resolver, join(starred, tail), steps);
  }
  return `${module.module}.${path}`;
}

function fromStars(resolver: Resolver, module: ModuleFacts, head: string, steps: number): string | null {
  for (const star of module.stars) {
    const source = resolver.modules.get(star);
    if (source === undefined || source === module || steps > MAX_STEPS || !exports(source, head)) continue;
    const wanted = `${star}.${head}`;
    const found = settle(resolver, wanted, steps + 1);
    if (found !== wanted || resolver.paths.has(wanted) || own(source.instances, head) !== null) return found;
  }
  return null;
}

/** What `path` means on the class or its objects: in the nearest base that has it. */
function attributeOf(resolver: Resolver, className: string, path: string, steps: number): string {
  const [head, tail] = splitHead(path);
  let outside: string | null = null;
  for (const ancestor of ancestryOf(resolver, className, steps)) {
    const owner = resolver.classByName.get(ancestor);
    if (owner === undefined) {
      outside ??= ancestor === "object" || ancestor === "" ? null : ancestor;
      continue;
    }
    const found = attributeIn(resolver, owner, head, tail, steps);
    if (found !== null) return found;
  }
  return join(`${outside ?? className}.${head}`, tail);
}

function attributeIn(
  resolver: Resolver,
  owner: ClassDefinition,
  head: string,
  tail: string,
  steps: number,
): string | null {
  const name = `${owner.name}.${head}`;
  if (tail === "" && resolver.paths.has(name)) return name;
  if (resolver.classByName.has(name)) return attributeOf(resolver, name, tail, steps + 1);
  const made = own(owner.module.instances, `${owner.fact.path}.${head}`);
  if (made !== null) return tail === "" ? name : settle(resolver, `${made}.${tail}`, steps + 1);
  return resolver.paths.has(name) || owner.fact.attributes.includes(head) ? join(name, tail) : null;
}

function ancestryOf(resolver: Resolver, className: string, steps: number): readonly string[] {
  const known = resolver.ancestries.get(className);
  if (known !== undefined) return known;
  resolver.ancestries.set(className, [className]);
  const line = new Set([className]);
  const definition = resolver.classByName.get(className);
  if (definition !== undefined && steps <= MAX_STEPS) {
    for (const base of definition.fact.bases)
      for (const ancestor of ancestryOf(resolver, settle(resolver, base, steps + 1), steps + 1)) line.add(ancestor);
  }
  const answer = [...line];
  resolver.ancestries.set(className, answer);
  return answer;
}

function methodOf(resolver: Resolver, className: string, method: string): FunctionDefinition | null {
  for (const ancestor of ancestryOf(resolver, className, 0)) {
    const found = resolver.functionByName.get(`${ancestor}.${method}`);
    if (found !== undefined) return found;
  }
  return null;
}

/**
 * By the names of the files, and by others that imports may use, if only one file answers to them: more folders before
 * it, as in namespace packages, or fewer, as scripts import their neighbours. A stub gives way to the source beside it.
 */
function modulesByName(files: readonly ModuleFacts[]): Map<string, ModuleFacts> {
  const modules = new Map<string, ModuleFacts>();
  for (const file of files) {
    const known = modules.get(file.module);
    if (known === undefined || (known.isStub && !file.isStub)) modules.set(file.module, file);
  }
  const packages = new Set(files.filter(({ isPackage }) => isPackage).map(({ module }) => module));
  const others = new Map<string, ModuleFacts | null>();
  for (const file of modules.values())
    for (const name of alternativeNames(file, packages)) others.set(name, others.has(name) ? null : file);
  for (const [name, file] of others) if (file !== null && !modules.has(name)) modules.set(name, file);
  return modules;
}

interface DefinitionTables {
  readonly functions: readonly FunctionDefinition[];
  readonly classes: readonly ClassDefinition[];
  readonly firstFunction: ReadonlyMap<ModuleFacts, number>;
  readonly functionByName: ReadonlyMap<string, FunctionDefinition>;
  readonly classByName: ReadonlyMap<string, ClassDefinition>;
  /** Absolute names of all functions, classes and containers. */
  readonly paths: ReadonlySet<string>;
}

function definitionTables(files: readonly ModuleFacts[], modules: ReadonlyMap<string, ModuleFacts>): DefinitionTables {
  const functions: FunctionDefinition[] = [];
  const classes: ClassDefinition[] = [];
  const firstFunction = new Map<ModuleFacts, number>();
  const functionByName = new Map<string, FunctionDefinition>();
  const classByName = new Map<string, ClassDefinition>();
  const paths = new Set<string>();
  for (const module of files) {
    // Of two files that claim one name only the first can be imported; the other keeps its functions without a name.
    const isNamed = modules.get(module.module) === module;
    firstFunction.set(module, functions.length);
    for (const [index, fact] of module.functions.entries()) {
      const definition = { id: functions.length, module, index, fact, name: `${module.module}.${fact.path}` };
      functions.push(definition);
      if (isNamed) functionByName.set(definition.name, definition);
    }
    for (const fact of module.classes) {
      const definition = { module, fact, name: `${module.module}.${fact.path}` };
      classes.push(definition);
      if (isNamed) classByName.set(definition.name, definition);
    }
    if (isNamed) for (const { path } of module.containers) paths.add(`${module.module}.${path}`);
  }
  for (const name of functionByName.keys()) paths.add(name);
  for (const name of classByName.keys()) paths.add(name);
  return { functions, classes, firstFunction, functionByName, classByName, paths };
}

/** The module with the longest name that `name` begins with. */
function owningModule(
  modules: ReadonlyMap<string, ModuleFacts>,
  name: string,
): { readonly module: ModuleFacts; readonly end: number } | null {
  let end = name.length;
  while (end > 0) {
    const module = modules.get(name.slice(0, end));
    if (module !== undefined) return { module, end };
    end = name.lastIndexOf(".", end - 1);
  }
  return null;
}

function exports(module: ModuleFacts, name: string): boolean {
  return module.all === null ? !name.startsWith("_") : module.all.includes(name);
}

function splitHead(path: string): readonly [string, string] {
  const dot = path.indexOf(".");
  return dot < 0 ? [path, ""] : [path.slice(0, dot), path.slice(dot + 1)];
}

function join(name: string, tail: string): string {
  return tail === "" ? name : `${name}.${tail}`;
}

/** Records are plain JSON: `constructor` must not be found in their prototype. */
function own(record: Readonly<Record<string, string>>, key: string): string | null {
  return Object.hasOwn(record, key) ? (record[key] ?? null) : null;
}
