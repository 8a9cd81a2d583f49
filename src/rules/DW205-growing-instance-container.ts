// Page: docs/rules/DW205-growing-instance-container.md

import type { RelatedLocation } from "../model/finding.ts";
import { rangeOf, type ClassDefinition, type ContainerDefinition } from "../python/definitions.ts";
import { isUnder } from "../python/facts.ts";
import type { Project } from "../python/project.ts";
import { instancesOf } from "./cached-functions/few-instances.ts";
import { growthFinding } from "./growing-containers/growth-finding.ts";
import { keepsTask } from "./growing-containers/kept-task.ts";
import { growthOf, type Growth } from "./growing-containers/growth.ts";
import { longLivedClasses, type LongLife } from "./growing-containers/long-lived-classes.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const growingInstanceContainer: Rule = defineRule<never>({
  code: "DW205",
  name: "growing-instance-container",
  cause: "L1",
  summary: "A container of an object that lives as long as the process grows when it is written to and never emptied.",
  twins: [],
  bestConfidence: "likely",
  judge: (_, project) => {
    const lives = longLivedClasses(project);
    return project.containers.flatMap((container) =>
      container.fact.holder === "instance-attribute" ? (judged(project, container, lives) ?? []) : [],
    );
  },
});

function judged(
  project: Project,
  container: ContainerDefinition,
  lives: ReadonlyMap<string, LongLife>,
): FindingDraft | null {
  const owner = project.classOf(container.name.slice(0, container.name.lastIndexOf(".")));
  if (owner === null) return null;
  // What an object adds while it is made, it adds once.
  const growth = growthOf(project, container, (site) => !keepsTask(site) && site.function?.fact.name !== "__init__");
  const life = growth === null ? null : (lives.get(owner.name) ?? ownLoop(project, owner, growth));
  if (growth === null || life === null) return null;
  return growthFinding(project, growth, {
    subject: `\`${container.name}\` of an object that ${life.why}`,
    related: [life.at],
    atMost: isDriven(growth) && isOfThisObject(project, owner, lives, growth) ? "likely" : "possible",
  });
}

/** Requests, tasks and loops write again and again; who else does is not in sight. */
function isDriven({ writes: [{ context, site }] }: Growth): boolean {
  if (isUnder(site.fact, "endless")) return true;
  return context.isSure && (context.kind === "request" || context.kind === "task" || context.kind === "loop");
}

/** Of a class with an object in a variable and others that functions make, it is not known which one is written to. */
function isOfThisObject(
  project: Project,
  owner: ClassDefinition,
  lives: ReadonlyMap<string, LongLife>,
  { writes: [{ site }] }: Growth,
): boolean {
  if (!lives.has(owner.name) || isUnder(site.fact, "endless")) return true;
  return project
    .makingsOf(owner.name)
    .every(
      ({ caller, module, flags }) =>
        module.isTest || project.isImportTimeOnly(caller) || isUnder({ flags }, "firstTime"),
    );
}

/** The object runs the loop that writes: as long as the loop runs, it lives. */
function ownLoop(project: Project, owner: ClassDefinition, { writes: [write] }: Growth): LongLife | null {
  // Made for one request or connection, it goes with it, however its loop is written.
  if (instancesOf(project, owner.name).churn === "input") return null;
  const { context, site, function: around } = write;
  const isOwn = around.fact.owner === owner.fact.path && around.module === owner.module;
  if (isOwn && isUnder(site.fact, "endless")) return life(rangeOf(site));
  const [start] = context.chain;
  if (context.kind !== "loop" || !context.isSure || start === undefined || !start.name.startsWith(`${owner.name}.`))
    return null;
  return life(start.at);
}

function life(at: RelatedLocation | Omit<RelatedLocation, "message">): LongLife {
  return { why: "runs an endless loop", at: { ...at, message: "the object lives as long as this loop runs" } };
}
