// What takes elements out of a container, anywhere in the project.

import { sitesThat, type ContainerDefinition, type ContainerSite } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";

/**
 * Removals and rebindings that can happen while the program runs: in other files, handed over as a value
 * (`done.add(seen.discard)`), or by a new container under the same name. What only tests do does not count.
 */
export function removalsFrom(project: Project, container: ContainerDefinition): readonly ContainerSite[] {
  return sitesThat(container, "remove", "rebind").filter(
    (site) => !site.module.isTest && !isForTests(site) && !isWhileImporting(project, site),
  );
}

function isWhileImporting(project: Project, site: ContainerSite): boolean {
  return site.function === null || project.isImportTimeOnly(site.function);
}

/** `_reset_for_tests()`. */
function isForTests({ function: around }: ContainerSite): boolean {
  return around !== null && /(?:^|_)tests?(?:ing)?(?:_|$)/i.test(around.fact.name);
}
