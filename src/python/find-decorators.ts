// Functions that decorate others.

import type { FunctionDefinition } from "./definitions.ts";
import type { ProjectNames } from "./link-names.ts";

/** Ids of functions that are used as decorators in the project, or made like one: with `functools.wraps` inside. Linear in the decorators. */
export function findDecorators(names: ProjectNames): ReadonlySet<number> {
  const found = new Set<number>();
  for (const definition of names.functions) {
    for (const { name } of definition.fact.decorators) {
      const used = names.functionByName.get(names.settle(name));
      if (used !== undefined) found.add(used.id);
      if (name === "functools.wraps") addFunctionsAround(definition, names, found);
    }
  }
  return found;
}

function addFunctionsAround({ fact, module }: FunctionDefinition, names: ProjectNames, found: Set<number>): void {
  const first = names.firstFunction.get(module) ?? 0;
  for (let { outer } = fact; outer !== undefined; outer = module.functions[outer]?.outer) found.add(first + outer);
}
