// The functions of a project that are behind a cache.

import type { FunctionDefinition } from "../../python/definitions.ts";
import { rangeAt, type DecoratorFact, type ParameterFact } from "../../python/facts.ts";
import type { SourceRange } from "../../model/finding.ts";
import type { Project } from "../../python/project.ts";
import { cacheOf, type CacheDecorator } from "./cache-decorators.ts";

export interface CachedFunction {
  readonly definition: FunctionDefinition;
  readonly decorator: DecoratorFact;
  readonly cache: CacheDecorator;
  /** What the first parameter is: in the key with the others. */
  readonly receiver: "instance" | "class" | null;
  /** The parameters after the receiver. */
  readonly parameters: readonly ParameterFact[];
  /** Row of `decorator`; those after it are nearer to the function. */
  readonly at: number;
}

/** Linear in the number of decorators. Tests are left out: they end. */
export function cachedFunctions(project: Project): readonly CachedFunction[] {
  return project.functions.flatMap((definition) => {
    if (definition.fact.decorators.length === 0 || definition.module.isTest) return [];
    return cachedFunction(project, definition) ?? [];
  });
}

/** Null if nothing caches `definition`. */
export function cachedFunction(project: Project, definition: FunctionDefinition): CachedFunction | null {
  for (const [at, decorator] of definition.fact.decorators.entries()) {
    const cache = cacheOf(project, decorator);
    if (cache === null) continue;
    const { params } = definition.fact;
    const receiver = params[0]?.kind === undefined ? receiverOf(project, definition) : null;
    return { definition, decorator, cache, receiver, parameters: receiver === null ? params : params.slice(1), at };
  }
  return null;
}

/** The cached function that a name of a call leads to. */
export function cachedFunctionNamed(project: Project, name: string): CachedFunction | null {
  const definition = project.functionOf(name);
  return definition === null || definition.module.isTest ? null : cachedFunction(project, definition);
}

const CLASS_METHODS = /^__(?:new|init_subclass|class_getitem)__$/;

function receiverOf(project: Project, { fact, module }: FunctionDefinition): CachedFunction["receiver"] {
  if (fact.owner === undefined || fact.params.length === 0) return null;
  const names = fact.decorators.map(({ name }) => name);
  if (names.includes("staticmethod")) return null;
  // `get = classmethod(get)` further down, or a property of the class: the name of the parameter says so.
  if (
    names.includes("classmethod") ||
    CLASS_METHODS.test(fact.name) ||
    /^(?:cls|mcs|klass)$/.test(fact.params[0]?.name ?? "")
  )
    return "class";
  return project.isSubclass(`${module.module}.${fact.owner}`, "type") ? "class" : "instance";
}

/** Absolute name of the class of a method. */
export function ownerOf({ fact, module }: FunctionDefinition): string | null {
  return fact.owner === undefined ? null : `${module.module}.${fact.owner}`;
}

/** Where the decorator is. */
export function decoratorRange({ definition, decorator }: CachedFunction): SourceRange {
  return rangeAt(definition.module.path, decorator.at);
}

/** `(a, b)`: what is in the key, for messages. */
export function keyOf(parameters: readonly ParameterFact[]): string {
  return `(${parameters.map(({ name, kind }) => `${kind === "*" || kind === "**" ? kind : ""}${name}`).join(", ")})`;
}
