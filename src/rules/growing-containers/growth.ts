// Whether a container only grows: what writes to it at run time, how many different elements that can make, and whether
// anything ever takes one out. Every filter here is a reason why a container that looks like a leak is none; they were
// counted over the standard library and 22 packages.

import { sitesThat, type ContainerDefinition, type ContainerSite } from "../../python/definitions.ts";
import { isUnder } from "../../python/facts.ts";
import type { Project } from "../../python/project.ts";
import { hasBoundedUse } from "./bounded-use.ts";
import { writeOf, type GrowingWrite } from "./growing-write.ts";
import { keepsTask } from "./kept-task.ts";
import { isMadeAnew, removalsFrom, removalsInside } from "./removals.ts";

export interface Growth {
  readonly container: ContainerDefinition;
  /** Strongest first, at least one. */
  readonly writes: readonly [GrowingWrite, ...GrowingWrite[]];
  /** Where it is handed on: whoever gets it may take elements out. */
  readonly escapes: readonly ContainerSite[];
}

/** Null unless `container` grows while the program runs and nothing in the project takes elements out. */
export function growthOf(
  project: Project,
  container: ContainerDefinition,
  isCounted: (site: ContainerSite) => boolean = (site) => !keepsTask(site),
): Growth | null {
  const { fact, module } = container;
  if (module.isTest || module.isStub || fact.bound !== null || !isGrowingFamily(container)) return null;
  const sites = sitesThat(container, "grow").filter((site) => runsAgain(project, site) && isCounted(site));
  if (sites.length === 0 || removalsFrom(project, container).length > 0 || hasBoundedUse(container)) return null;
  const isEmptiedInside = removalsInside(project, container).length > 0;
  const [first, ...others] = sites
    .filter((site) => !isMadeAnew(project, container, site))
    .flatMap((site) => writeOf(project, container, site, isEmptiedInside) ?? [])
    .toSorted((a, b) => b.strength - a.strength);
  if (first === undefined) return null;
  const escapes = sitesThat(container, "escape").filter((site) => !site.module.isTest);
  return { container, writes: [first, ...others], escapes };
}

function isGrowingFamily({ fact }: ContainerDefinition): boolean {
  return fact.family === "mapping" || fact.family === "sequence" || fact.family === "set";
}

/** Not a test, not only at import time, and not the one time when the container is still empty. */
function runsAgain(project: Project, site: ContainerSite): boolean {
  if (site.module.isTest || isUnder(site.fact, "once")) return false;
  return site.function !== null && !project.isImportTimeOnly(site.function);
}
