// Lists that the wrapper of a decorator makes longer at every call.

import {
  sitesThat,
  type ContainerDefinition,
  type ContainerSite,
  type FunctionDefinition,
} from "../../python/definitions.ts";
import { isUnder } from "../../python/facts.ts";
import type { Project } from "../../python/project.ts";

export interface KeptCall {
  readonly write: ContainerSite;
  readonly decorator: FunctionDefinition;
}

/**
 * The write with which a wrapper keeps every call in a list of its decorator; null for other containers, and for lists
 * that something makes shorter. O(functions of the project) for such lists.
 */
export function keptCall(container: ContainerDefinition, project: Project): KeptCall | null {
  const { fact, module } = container;
  if (fact.holder !== "closure-cell" || fact.bound !== null || fact.family !== "sequence" || module.isTest) return null;
  const decorator = project.functionAt(module, fact.inside);
  if (decorator === null) return null;
  if (sitesThat(container, "remove", "rebind").some((site) => site.function !== decorator)) return null;
  const [write] = sitesThat(container, "grow").filter((site) => isInWrapper(site, decorator));
  if (write === undefined || isUnder(write.fact, "lengthGuard") || isUnder(write.fact, "memberGuard")) return null;
  // `if not result: result.append(f())` keeps one.
  if (isUnder(write.fact, "once")) return null;
  return isDecorator(decorator, project) ? { write, decorator } : null;
}

/** In an inner function that takes whatever the decorated one takes. */
function isInWrapper({ function: at }: ContainerSite, decorator: FunctionDefinition): boolean {
  if (at === null || at === decorator) return false;
  const takesAll = at.fact.params.some(({ kind }) => kind === "*" || kind === "**");
  return (takesAll || isWrapping(at)) && isInside(at, decorator);
}

function isWrapping({ fact }: FunctionDefinition): boolean {
  return fact.decorators.some(({ name }) => name === "functools.wraps");
}

function isInside(inner: FunctionDefinition, outer: FunctionDefinition): boolean {
  for (let { outer: at } = inner.fact; at !== undefined; at = inner.module.functions[at]?.outer)
    if (at === outer.index) return true;
  return false;
}

/** Used as one in the project, or made like one: with `functools.wraps` inside. */
function isDecorator(outer: FunctionDefinition, project: Project): boolean {
  const wraps = outer.module.functions.some(
    (fact, index) =>
      fact.outer !== undefined &&
      fact.decorators.some(({ name }) => name === "functools.wraps") &&
      isInside({ ...outer, index, fact }, outer),
  );
  if (wraps) return true;
  return project.functions.some(({ fact }) =>
    fact.decorators.some(({ name }) => name.endsWith(outer.fact.name) && project.functionOf(name) === outer),
  );
}
