// Classes with an object that lives as long as the process.

import type { RelatedLocation } from "../../model/finding.ts";
import { rangeOf } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";

export interface LongLife {
  /** "is a variable of the module app": completes "an object that ...". */
  readonly why: string;
  readonly at: RelatedLocation;
}

/** By absolute name: those with an object in a variable of a module. Linear in the modules' variables. */
export function longLivedClasses(project: Project): ReadonlyMap<string, LongLife> {
  const found = new Map<string, LongLife>();
  for (const file of project.files) {
    if (file.isTest) continue;
    for (const [variable, made] of Object.entries(file.instances)) {
      const owner = variable.includes(".") ? null : project.classOf(made);
      if (owner === null || found.has(owner.name)) continue;
      const name = `${file.module}.${variable}`;
      found.set(owner.name, {
        why: `is kept in \`${name}\``,
        at: { ...rangeOf(owner), message: `an object of this class is kept in ${name}` },
      });
    }
  }
  return found;
}
