// How many instances of a class there will be.

import type { RelatedLocation } from "../../model/finding.ts";
import { isUnder } from "../../python/facts.ts";
import type { Making } from "../../python/instances.ts";
import type { Project } from "../../python/project.ts";
import { isStartedByHand } from "../repeated-calls/started-by-hand.ts";
import { pointIn } from "./call-arguments.ts";

/** Members of an Enum live as long as the program anyway. */
export function isEnum(project: Project, className: string): boolean {
  return project.ancestry(className).some((base) => /^enum\.\w*(?:Enum|Flag)$/.test(base));
}

/**
 * input: made for every request, task or turn of a loop that does not end. loop: made in a loop, or by a framework. some: made in functions.
 * held: made by other objects while these are made, or for a variable of a module, so there are as many as of those. few:
 * made while modules are imported or a command runs, and nowhere else. unknown: not made in the project.
 */
export type Churn = "input" | "loop" | "some" | "held" | "few" | "unknown";

export interface Instances {
  readonly churn: Churn;
  readonly related: readonly RelatedLocation[];
}

/** Of the class and of the project's subclasses. */
export function instancesOf(project: Project, className: string): Instances {
  const names = [
    className,
    ...project.classes
      .map(({ name }) => name)
      .filter((name) => name !== className && project.isSubclass(name, className)),
  ];
  const makings = names.flatMap((name) => project.makingsOf(name)).filter(({ module }) => !module.isTest);
  if (makings.length === 0) return { churn: isMadeByFramework(project, className) ? "loop" : "unknown", related: [] };
  const later = makings.filter((making) => !isOfStart(project, making));
  for (const making of later) {
    const why = inputOf(project, making);
    if (why !== null) return { churn: "input", related: [at(making, `an instance is made here, which ${why}`)] };
  }
  const [first] = later;
  const looped = later.find((making) => isUnder(making, "loop"));
  if (looped !== undefined) return { churn: "loop", related: [at(looped, "instances are made here in a loop")] };
  if (first !== undefined && later.every((making) => isHeld(project, className, making)))
    return { churn: "held", related: [at(first, "an instance is made here, one for each object that holds it")] };
  if (first !== undefined) return { churn: "some", related: [at(first, "an instance is made here")] };
  return { churn: "few", related: makings.slice(0, 1).map((making) => at(making, "an instance is made here, once")) };
}

/** A view or handler class: a framework makes an object of it for each request. */
function isMadeByFramework(project: Project, className: string): boolean {
  const owner = project.classOf(className);
  return project.functions.some((method) => {
    if (owner === null || method.module !== owner.module || method.fact.owner !== owner.fact.path) return false;
    const { kind, chain } = project.contextOf(method);
    return kind === "request" && chain.length <= 1;
  });
}

/** Made while modules are imported, or by a command that ends. */
function isOfStart(project: Project, making: Making): boolean {
  const { caller } = making;
  if (project.isImportTimeOnly(caller) || isUnder(making, "main")) return true;
  return caller !== null && project.contextsOf(caller).every(({ kind }) => /^(?:command|main|test|import)$/.test(kind));
}

/** In `__init__`, where there is none yet, or in the function that fills a variable of its module when it is empty. */
function isHeld(project: Project, className: string, making: Making): boolean {
  const { caller, module } = making;
  if (caller === null || caller.fact.name === "__init__" || isUnder(making, "firstTime")) return true;
  return Object.entries(module.instances).some(
    ([variable, made]) =>
      !variable.includes(".") && project.classOf(made)?.name === className && isGetter(caller.fact.name),
  );
}

/** `get_registry()`, `_store()`: what gives the one object. */
function isGetter(name: string): boolean {
  return /^_*(?:get|default|shared|current|instance|singleton)(?:_|$)/.test(name);
}

function inputOf(project: Project, { caller }: Making): string | null {
  const context = caller === null ? undefined : project.contextsOf(caller).find((each) => !isStartedByHand(each));
  if (context === undefined || !context.isSure || !/^(?:request|task|loop)$/.test(context.kind)) return null;
  return context.kind === "loop" ? `is ${context.why}` : `is reached from ${context.why}`;
}

function at({ module, line, column }: Making, message: string): RelatedLocation {
  return { ...pointIn(module, line, column), message };
}
