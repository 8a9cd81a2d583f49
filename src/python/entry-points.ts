// The functions that somebody outside the project's own calls will run, by framework.

import type { FunctionDefinition } from "./definitions.ts";
import { FRAMEWORKS } from "./entry-points/all-frameworks.ts";
import type { ContextKind, EntryRule } from "./entry-points/entry-point.ts";
import type { CallbackFact, DecoratorFact, ModuleFacts, Place } from "./facts.ts";
import type { ProjectNames } from "./link-names.ts";

export interface EntryPoint {
  readonly function: FunctionDefinition;
  readonly kind: ContextKind;
  readonly framework: string;
  /** "a route": completes "`f` is ...". */
  readonly why: string;
  /** Where it is registered. */
  readonly module: ModuleFacts;
  readonly at: Place;
}

interface Claim {
  readonly framework: string;
  readonly rule: EntryRule;
}

interface ClaimTables {
  readonly decorators: ReadonlyMap<string, readonly Claim[]>;
  readonly bases: ReadonlyMap<string, readonly Claim[]>;
  readonly handed: ReadonlyMap<string, readonly Claim[]>;
  readonly shapes: readonly Claim[];
}

/** All entry points; a function may have several. Linear in functions, decorators and callbacks. */
export function findEntryPoints(files: readonly ModuleFacts[], names: ProjectNames): readonly EntryPoint[] {
  const tables = claimTables(names);
  const found: EntryPoint[] = [];
  for (const definition of names.functions) {
    addByDecorator(definition, names, tables, found);
    addByBase(definition, names, tables, found);
    for (const { framework, rule } of tables.shapes)
      if (rule.by === "shape" && rule.matches(definition, names)) found.push(entry(definition, framework, rule));
  }
  for (const module of files)
    for (const callback of module.callbacks) addByHanding(module, callback, names, tables, found);
  return found;
}

function claimTables(names: ProjectNames): ClaimTables {
  const decorators = new Map<string, Claim[]>();
  const bases = new Map<string, Claim[]>();
  const handed = new Map<string, Claim[]>();
  const shapes: Claim[] = [];
  for (const { name: framework, rules } of FRAMEWORKS) {
    for (const rule of rules) {
      const claim = { framework, rule };
      if (rule.by === "decorator") for (const name of rule.names) claimFor(decorators, name, names, claim);
      else if (rule.by === "base") for (const name of rule.bases) claimFor(bases, name, names, claim);
      else if (rule.by === "handed") for (const name of rule.to) claimFor(handed, name, names, claim);
      else shapes.push(claim);
    }
  }
  return { decorators, bases, handed, shapes };
}

/** The framework itself may be part of the project: then its names lead to its own modules. */
function claimFor(table: Map<string, Claim[]>, name: string, names: ProjectNames, claim: Claim): void {
  for (const key of new Set([name, name.startsWith(".") ? name : names.settle(name)])) {
    const claims = table.get(key);
    if (claims === undefined) table.set(key, [claim]);
    else claims.push(claim);
  }
}

const NO_CLAIMS: readonly Claim[] = [];

/** Claims on a name; the last part alone counts only for names that do not lead into the project. */
function* claimsOn(
  table: ReadonlyMap<string, readonly Claim[]>,
  name: string,
  names: ProjectNames,
): Generator<Claim, void, undefined> {
  if (name === "") return;
  const settled = name.startsWith(".") ? name : names.settle(name);
  yield* table.get(settled) ?? NO_CLAIMS;
  const dot = settled.lastIndexOf(".");
  if (dot <= 0 || names.functionByName.has(settled) || names.classByName.has(settled)) return;
  yield* table.get(settled.slice(dot)) ?? NO_CLAIMS;
  const before = settled.lastIndexOf(".", dot - 1);
  if (before > 0) yield* table.get(settled.slice(before)) ?? NO_CLAIMS;
}

function addByDecorator(
  definition: FunctionDefinition,
  names: ProjectNames,
  tables: ClaimTables,
  found: EntryPoint[],
): void {
  for (const decorator of definition.fact.decorators) {
    for (const { framework, rule } of claimsOn(tables.decorators, decorator.name, names)) {
      if (rule.by !== "decorator" || !beginsWith(decorator, rule.firstArgument)) continue;
      found.push({ ...entry(definition, framework, rule), at: decorator.at });
    }
  }
}

function beginsWith({ args }: DecoratorFact, text: string | undefined): boolean {
  if (text === undefined) return true;
  const first = args?.[0]?.value ?? "";
  return first.slice(1).startsWith(text) && /^['"]/.test(first);
}

function addByBase(
  definition: FunctionDefinition,
  names: ProjectNames,
  tables: ClaimTables,
  found: EntryPoint[],
): void {
  const { fact, module } = definition;
  if (fact.owner === undefined) return;
  for (const ancestor of names.ancestry(`${module.module}.${fact.owner}`)) {
    for (const { framework, rule } of tables.bases.get(ancestor) ?? NO_CLAIMS) {
      if (rule.by !== "base" || !hasMethod(rule.methods, fact.name)) continue;
      found.push(entry(definition, framework, rule));
    }
  }
}

function hasMethod(methods: readonly string[] | "public", name: string): boolean {
  return methods === "public" ? !name.startsWith("_") : methods.includes(name);
}

function addByHanding(
  module: ModuleFacts,
  callback: CallbackFact,
  names: ProjectNames,
  tables: ClaimTables,
  found: EntryPoint[],
): void {
  const definition = handedFunction(callback.function, names);
  if (definition === null) return;
  for (const { framework, rule } of claimsOn(tables.handed, callback.to, names)) {
    if (rule.by !== "handed" || !rule.as.includes(callback.as)) continue;
    found.push({ ...entry(definition, framework, rule), module, at: callback.at });
  }
}

/** A class handed over stands for its `__call__`, if it has one. */
function handedFunction(name: string, names: ProjectNames): FunctionDefinition | null {
  const settled = names.settle(name);
  return names.functionByName.get(settled) ?? names.methodOf(settled, "__call__");
}

function entry(definition: FunctionDefinition, framework: string, { kind, why }: EntryRule): EntryPoint {
  return { function: definition, kind, framework, why, module: definition.module, at: definition.fact.at };
}
