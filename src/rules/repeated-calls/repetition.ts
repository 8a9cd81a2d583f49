// How often a site runs in the life of a process.

import type { Confidence, RelatedLocation } from "../../model/finding.ts";
import type { Context } from "../../python/contexts.ts";
import type { FunctionDefinition } from "../../python/definitions.ts";
import { isUnder } from "../../python/facts.ts";
import type { Project } from "../../python/project.ts";
import { relatedTo, type CodeSite } from "./code-site.ts";
import { isStartedByHand } from "./started-by-hand.ts";

export type Repetition =
  /** Imports, commands, main, tests. */
  | { readonly how: "once" }
  /** Again for every request, task, event or turn of an endless loop. */
  | {
      readonly how: "per-call";
      /** Completes "which is ...": "a route (Flask)", "reached from a task (Celery)". */
      readonly why: string;
      /** certain: an entry point or called by one. possible: a long way, or calls matched by name alone. */
      readonly sureness: Confidence;
      /** The function is the entry point itself: no test of a caller stands before it. */
      readonly isEntry: boolean;
      readonly related: readonly RelatedLocation[];
    }
  /** Nobody knows; `callers` functions of the project that are not import time call it. */
  | { readonly how: "unknown"; readonly callers: number };

/** How often the site runs. O(calls of its function). */
export function repetitionOf(project: Project, site: CodeSite): Repetition {
  if (site.isTest || (site.function === null && !isUnder(site, "endless"))) return { how: "once" };
  if (isUnder(site, "endless"))
    return { how: "per-call", why: "in an endless loop", sureness: "certain", isEntry: true, related: [] };
  const definition = site.function === null ? null : project.functionOf(site.function);
  return definition === null ? { how: "unknown", callers: 0 } : repetitionOfFunction(project, definition);
}

function repetitionOfFunction(project: Project, definition: FunctionDefinition): Repetition {
  const contexts = project.contextsOf(definition);
  const context = contexts.find((each) => !isStartedByHand(each)) ?? null;
  if (context === null) return { how: "unknown", callers: repeatedCallers(project, definition) };
  switch (context.kind) {
    case "request":
    case "task":
    case "loop":
    case "event":
      return perCall(context);
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

/** Steps from the entry point, itself included, up to which nothing is likely to stand between. */
const NEAR = 2;
const FAR = 4;

function perCall({ why, chain, isSure }: Context): Repetition {
  const isEntry = chain.length <= 1;
  const isLoop = why.startsWith("called");
  // What a loop calls by way of others may be what it does before it ends.
  const isNear = isSure && chain.length <= (isLoop ? 1 : FAR);
  return {
    how: "per-call",
    why: isEntry || isLoop ? why : `reached from ${why}`,
    sureness: isNear ? (chain.length <= NEAR ? "certain" : "likely") : "possible",
    isEntry,
    related: chain.slice(-MOST_STEPS).map(({ name, at }) => relatedTo(at, `\`${name}\` leads here`)),
  };
}

function repeatedCallers(project: Project, definition: FunctionDefinition): number {
  const calls = project.callersOf(definition).filter(({ edge, module }) => edge.how === "call" && !module.isTest);
  return calls.filter(({ caller }) => !project.isImportTimeOnly(caller)).length;
}

/** The less sure of two. */
export function weaker(a: Confidence, b: Confidence): Confidence {
  return RANKS.indexOf(a) > RANKS.indexOf(b) ? a : b;
}

const RANKS: readonly Confidence[] = ["certain", "likely", "possible"];
