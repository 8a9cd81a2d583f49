// How often a site runs in the life of a process.

import type { RelatedLocation } from "../../model/finding.ts";
import type { FunctionDefinition } from "../../python/definitions.ts";
import { isUnder } from "../../python/facts.ts";
import type { Project } from "../../python/project.ts";
import { relatedTo, type CodeSite } from "./code-site.ts";

export type Repetition =
  /** Imports, commands, main, tests. */
  | { readonly how: "once" }
  /** Again for every request, task, event or turn of an endless loop. */
  | {
      readonly how: "per-call";
      /** Completes "runs ...": "in a route (Flask)". */
      readonly why: string;
      readonly isSure: boolean;
      readonly related: readonly RelatedLocation[];
    }
  /** Nobody knows; `callers` functions of the project that are not import time call it. */
  | { readonly how: "unknown"; readonly callers: number };

/** How often the site runs. O(calls of its function). */
export function repetitionOf(project: Project, site: CodeSite): Repetition {
  if (site.isTest) return { how: "once" };
  const definition = site.function === null ? null : project.functionOf(site.function);
  if (isUnder(site, "endless")) return { how: "per-call", why: "in an endless loop", isSure: true, related: [] };
  if (definition === null) return site.function === null ? { how: "once" } : { how: "unknown", callers: 0 };
  const context = project.contextOf(definition);
  switch (context.kind) {
    case "request":
    case "task":
    case "loop":
    case "event":
      return { how: "per-call", why: `in ${context.why}`, isSure: context.isSure, related: stepsOf(context.chain) };
    case "command":
    case "main":
    case "test":
    case "import":
      return { how: "once" };
    case "thread":
    case "unknown":
      return project.isImportTimeOnly(definition)
        ? { how: "once" }
        : { how: "unknown", callers: repeatedCallers(project, definition) };
  }
}

const MOST_STEPS = 3;

function stepsOf(chain: readonly { readonly name: string; readonly at: RelatedLocation | CodeSite["at"] }[]) {
  return chain.slice(-MOST_STEPS).map(({ name, at }) => relatedTo(at, `\`${name}\` leads here`));
}

function repeatedCallers(project: Project, definition: FunctionDefinition): number {
  return project
    .callersOf(definition)
    .filter(({ edge, caller, module }) => edge.how === "call" && !module.isTest && !project.isImportTimeOnly(caller))
    .length;
}
