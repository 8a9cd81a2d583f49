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
 * that something makes shorter. O(sites of the container).
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
  return project.isDecorator(decorator) ? { write, decorator } : null;
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
