// Page: docs/rules/DW405-unbounded-queue.md

import type { Confidence, RelatedLocation } from "../model/finding.ts";
import type { Context } from "../python/contexts.ts";
import { rangeOf, sitesThat, type ContainerDefinition, type ContainerSite } from "../python/definitions.ts";
import { isUnder } from "../python/facts.ts";
import type { Project } from "../python/project.ts";
import { hasBoundedUse } from "./growing-containers/bounded-use.ts";
import { wayHere } from "./growing-containers/way-here.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const unboundedQueue: Rule = defineRule<never>({
  code: "DW405",
  name: "unbounded-queue",
  cause: "L15",
  summary: "A queue without a bound keeps everything that comes in faster than it is taken out.",
  twins: [],
  bestConfidence: "certain",
  judge: (_, project) => project.containers.flatMap((container) => judged(project, container) ?? []),
});

interface Producer {
  readonly site: ContainerSite;
  readonly name: string;
  readonly context: Context;
  readonly isDriven: boolean;
}

function judged(project: Project, container: ContainerDefinition): FindingDraft | null {
  const { fact, module } = container;
  if (fact.family !== "queue" || fact.bound !== null || fact.holder === "closure-cell" || module.isTest) return null;
  if (fact.holder === "function-default" || hasBoundedUse(container)) return null;
  const [producer] = producersOf(project, container).toSorted((a, b) => Number(b.isDriven) - Number(a.isDriven));
  if (producer === undefined) return null;
  const consumers = sitesThat(container, "remove").filter((site) => !site.module.isTest);
  const hidden = sitesThat(container, "escape", "rebind").filter((site) => !site.module.isTest);
  const [taken] = [...consumers, ...hidden];
  const confidence = confidenceOf(container, producer, taken !== undefined);
  return confidence === null ? null : draft(project, container, { producer, taken, confidence });
}

/** At run time; a loop, a request or a task produces without an end. */
function producersOf(project: Project, container: ContainerDefinition): Producer[] {
  return sitesThat(container, "grow").flatMap((site): Producer[] => {
    if (site.module.isTest || site.function === null || project.isImportTimeOnly(site.function)) return [];
    const context = project.contextOf(site.function);
    const isDriven =
      isUnder(site.fact, "endless") ||
      (context.isSure && (context.kind === "request" || context.kind === "task" || context.kind === "loop"));
    return [{ site, name: site.function.name, context, isDriven }];
  });
}

/** An attribute may be read through an object of unknown class: that nobody takes out of it is never sure. */
function confidenceOf({ fact }: ContainerDefinition, { isDriven }: Producer, isTaken: boolean): Confidence | null {
  if (isTaken || fact.holder === "instance-attribute") return isDriven ? "possible" : null;
  return isDriven ? "certain" : "likely";
}

function draft(
  project: Project,
  container: ContainerDefinition,
  {
    producer,
    taken,
    confidence,
  }: { readonly producer: Producer; readonly taken: ContainerSite | undefined; readonly confidence: Confidence },
): FindingDraft {
  const { site, name, context } = producer;
  const bound =
    taken === undefined
      ? `one element for every run of \`${name}\``
      : "everything that comes in faster than it is taken out";
  const files = project.files.filter((file) => !file.isTest).length;
  const last: RelatedLocation =
    taken === undefined
      ? {
          ...rangeOf(container),
          message: `nothing takes from it: ${files} ${files === 1 ? "file was" : "files were"} looked at`,
        }
      : { ...rangeOf(taken), message: taken.fact.action === "remove" ? "is taken from here" : "is handed on here" };
  return {
    at: rangeOf(container),
    message: `\`${container.name}\` (${container.fact.type}) has no bound and keeps ${bound}: \`${name}\` puts into it.`,
    holder: container.name,
    confidence,
    bound: bound.replaceAll("`", ""),
    related: [{ ...rangeOf(site), message: "is put into here" }, ...wayHere(context, 2), last],
    fix: { text: fixOf(container), safety: "none", edits: [] },
  };
}

function fixOf({ fact }: ContainerDefinition): string {
  return fact.type.endsWith("SimpleQueue")
    ? "A SimpleQueue cannot have a bound: use `queue.Queue(maxsize=1000)`, and decide what `put` does when it is full."
    : `Give it a bound, \`${fact.type}(maxsize=1000)\`, and decide what happens when it is full: wait, drop, or refuse.`;
}
