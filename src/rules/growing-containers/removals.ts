// What takes elements out of a container, anywhere in the project.

import { sitesThat, type ContainerDefinition, type ContainerSite } from "../../python/definitions.ts";
import { isUnder, type SiteFact } from "../../python/facts.ts";
import type { Project } from "../../python/project.ts";

/**
 * Removals and rebindings that can happen while the program runs: in other files, handed over as a value
 * (`done.add(seen.discard)`), or by a new container under the same name. What only tests do does not count.
 */
export function removalsFrom(project: Project, container: ContainerDefinition): readonly ContainerSite[] {
  return sitesThat(container, "remove", "rebind").filter(
    (site) =>
      !site.module.isTest &&
      !isInside(site.fact) &&
      !isForTests(site) &&
      (isHandedOut(site) || !isWhileImporting(project, site)),
  );
}

/** `drop = CACHE.pop`: who has the method may call it at any time. */
function isHandedOut({ fact }: ContainerSite): boolean {
  return isUnder(fact, "asValue");
}

/** What takes something out of what the container holds, or starts it anew: `TABLE[key].clear()`, `TABLE[key] = []`. */
export function removalsInside(project: Project, container: ContainerDefinition): readonly ContainerSite[] {
  return container.sites.filter(
    (site) =>
      !site.module.isTest &&
      ((site.fact.action === "remove" && isInside(site.fact)) || isReset(site.fact)) &&
      !isForTests(site) &&
      !isWhileImporting(project, site),
  );
}

function isInside({ how }: SiteFact): boolean {
  return how.startsWith("[]") && how !== "[]=";
}

/** Where it is looked first whether the key is there, the new list is the first of it. */
function isReset(fact: SiteFact): boolean {
  return fact.how === "[]=" && fact.value?.from === "made" && !isUnder(fact, "memberGuard") && !isUnder(fact, "except");
}

/** Names of functions that run when something begins. */
const BEGINNING =
  /^_*(?:__\w+__|start|startup|run|main|serve|setup|set_up|setUp|init|initiali[sz]e|open|connect|launch|configure|on_startup|on_ready|lifespan|load|prepare|build|make|create)(?:_|$)/;

/** Made by a function that runs again and again: each run starts with an empty one. */
export function isMadeAnew(project: Project, container: ContainerDefinition, write: ContainerSite): boolean {
  const { fact, module } = container;
  if (fact.inside < 0 || fact.isLazy === true) return false;
  if (fact.holder === "closure-cell" || fact.holder === "function-default") return false;
  const maker = project.functionAt(module, fact.inside);
  if (maker === null || project.isImportTimeOnly(maker)) return false;
  if (maker === write.function) return !isUnder(write.fact, "endless");
  return !BEGINNING.test(maker.fact.name);
}

function isWhileImporting(project: Project, site: ContainerSite): boolean {
  return site.function === null || project.isImportTimeOnly(site.function);
}

/** `_reset_for_tests()`. */
function isForTests({ function: around }: ContainerSite): boolean {
  return around !== null && /(?:^|_)tests?(?:ing)?(?:_|$)/i.test(around.fact.name);
}
