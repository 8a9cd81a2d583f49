// Whether objects of a class can be in the key of a cache at all.

import type { ClassDefinition } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";

/**
 * True for a class that is known to set `__hash__` to None: one with `__eq__` and no `__hash__` beside it, or a dataclass
 * that is neither frozen nor told otherwise. Source: language reference, "object.__hash__"; dataclasses, "unsafe_hash".
 * O(classes above it).
 */
export function isUnhashableClass(project: Project, className: string): boolean {
  for (const name of project.ancestry(className)) {
    const owner = project.classOf(name);
    if (owner === null || has(project, owner, "__hash__")) return false;
    const comparing = comparingDataclass(owner);
    if (comparing !== null) return comparing === "mutable";
    if (has(project, owner, "__eq__")) return true;
  }
  return false;
}

function has(project: Project, { name, fact }: ClassDefinition, method: string): boolean {
  return fact.attributes.includes(method) || project.functionOf(`${name}.${method}`)?.name === `${name}.${method}`;
}

/** Null for a class that `dataclass` gives no `__eq__`. */
function comparingDataclass({ fact }: ClassDefinition): "mutable" | "hashable" | null {
  const decorator = fact.decorators.find(({ name }) => name === "dataclasses.dataclass");
  if (decorator === undefined) return null;
  const value = (option: string): string | undefined => decorator.args?.find(({ name }) => name === option)?.value;
  if (value("eq") === "False") return null;
  return [value("frozen"), value("unsafe_hash")].every((each) => each === undefined || each === "False")
    ? "mutable"
    : "hashable";
}
