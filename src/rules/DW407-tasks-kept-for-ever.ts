// Page: docs/rules/DW407-tasks-kept-for-ever.md

import type { Confidence } from "../model/finding.ts";
import type { Context } from "../python/contexts.ts";
import {
  rangeOf,
  sitesThat,
  type ContainerDefinition,
  type ContainerSite,
  type FunctionDefinition,
} from "../python/definitions.ts";
import { isUnder } from "../python/facts.ts";
import { domainOf } from "../python/key-domain.ts";
import type { Project } from "../python/project.ts";
import { hasBoundedUse } from "./growing-containers/bounded-use.ts";
import { keepsTask } from "./growing-containers/kept-task.ts";
import { runningContext } from "./growing-containers/running-context.ts";
import { removalsFrom } from "./growing-containers/removals.ts";
import { wayHere } from "./growing-containers/way-here.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const tasksKeptForEver: Rule = defineRule<never>({
  code: "DW407",
  name: "tasks-kept-for-ever",
  cause: "L15",
  summary: "Tasks and futures that are kept and never let go stay in memory with their results after they are done.",
  twins: [],
  bestConfidence: "certain",
  judge: (_, project) => project.containers.flatMap((container) => judged(project, container) ?? []),
});

interface Keeping {
  readonly site: ContainerSite;
  readonly function: FunctionDefinition;
  readonly context: Context;
  readonly isDriven: boolean;
}

function judged(project: Project, container: ContainerDefinition): FindingDraft | null {
  const { fact, module } = container;
  if (module.isTest || fact.bound !== null || fact.family === "weak" || fact.path.includes("<locals>")) return null;
  if (fact.holder === "closure-cell" || fact.holder === "function-default") return null;
  const sites = sitesThat(container, "grow").filter((site) => keepsTask(site) && !site.module.isTest);
  if (sites.length === 0 || removalsFrom(project, container).length > 0 || hasBoundedUse(container)) return null;
  const [best] = sites
    .flatMap((site) => keepingOf(project, site) ?? [])
    .toSorted((a, b) => Number(b.isDriven) - Number(a.isDriven));
  return best === undefined ? null : draft(project, container, best);
}

/** Starts once: what it keeps is as many as the program starts. */
const STARTING =
  /^_*(?:start|run|main|serve|setup|set_up|init|__init__|__aenter__|__enter__|open|connect|on_startup|lifespan|launch)(?:_|$)/;

function keepingOf(project: Project, site: ContainerSite): Keeping | null {
  const { function: around, fact } = site;
  if (around === null || project.isImportTimeOnly(around) || isUnder(fact, "once")) return null;
  if (fact.key !== undefined && domainOf(project, around, fact.key).domain === "finite") return null;
  const context = runningContext(project, around);
  const isEndless = isUnder(fact, "endless");
  if (!isEndless && (context.kind === "main" || context.kind === "command")) return null;
  const isDriven =
    isEndless || (context.isSure && (context.kind === "request" || context.kind === "task" || context.kind === "loop"));
  return !isDriven && STARTING.test(around.fact.name) ? null : { site, function: around, context, isDriven };
}

/** An object may be gone as soon as its tasks; who is handed the container may take them out. */
function confidenceOf(container: ContainerDefinition, isDriven: boolean): Confidence {
  const { fact } = container;
  if (sitesThat(container, "escape").some(({ module }) => !module.isTest)) return "possible";
  if (fact.holder === "instance-attribute") return isDriven ? "likely" : "possible";
  return isDriven ? "certain" : "likely";
}

function draft(project: Project, container: ContainerDefinition, keeping: Keeping): FindingDraft {
  const { site, function: around, context, isDriven } = keeping;
  const files = project.files.filter((file) => !file.isTest).length;
  return {
    at: rangeOf(container),
    message: `\`${container.name}\` keeps every task that \`${around.name}\` starts, with its result, also when it is done: nothing takes it out.`,
    holder: container.name,
    confidence: confidenceOf(container, isDriven),
    bound: `one task for every run of ${around.name}`,
    related: [
      { ...rangeOf(site), message: "a task is put in here" },
      ...wayHere(context, 2),
      {
        ...rangeOf(container),
        message: `nothing removes from it: ${files} ${files === 1 ? "file was" : "files were"} looked at`,
      },
    ],
    fix: {
      text: "Keep tasks in a set and let each take itself out: `tasks.add(task); task.add_done_callback(tasks.discard)`. Dropping the reference altogether lets the collector end the task.",
      safety: "none",
      edits: [],
    },
  };
}
