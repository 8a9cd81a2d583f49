// Page: docs/rules/DW112-cache-clear-reaches-one-process.md

import type { SourceRange } from "../model/finding.ts";
import type { Context } from "../python/contexts.ts";
import type { FunctionDefinition } from "../python/definitions.ts";
import { rangeAt } from "../python/facts.ts";
import type { Project } from "../python/project.ts";
import { cacheClears } from "./cached-functions/cache-clears.ts";
import { pointIn } from "./cached-functions/call-arguments.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const cacheClearReachesOneProcess: Rule = defineRule<never>({
  code: "DW112",
  name: "cache-clear-reaches-one-process",
  cause: "L3",
  summary: "Each worker process has caches of its own: clearing one leaves the old values in all the others.",
  twins: [],
  bestConfidence: "likely",
  judge: (_found, project) => {
    const workers = workersOf(project);
    return workers === null ? [] : clearsOf(project).flatMap((clear) => draftOf(clear, workers, project) ?? []);
  },
});

/** Servers and task queues that run several processes. */
const SERVERS: readonly (readonly [module: string, what: string])[] = [
  ["gunicorn", "Gunicorn runs several workers"],
  ["uwsgidecorators", "uWSGI runs several workers"],
  ["uwsgi", "uWSGI runs several workers"],
  ["hypercorn", "Hypercorn can run several workers"],
  ["granian", "Granian can run several workers"],
  ["celery", "Celery's workers are processes of their own"],
  ["dramatiq", "Dramatiq's workers are processes of their own"],
  ["rq", "RQ's workers are processes of their own"],
  ["django.core.wsgi", "WSGI servers run several workers"],
  ["django.core.asgi", "ASGI servers run several workers"],
];

interface Workers {
  readonly sign: string;
  /** Set up for it, and not only able to. */
  readonly isSetUp: boolean;
}

function workersOf(project: Project): Workers | null {
  if (project.files.some(({ path }) => /(?:^|\/)gunicorn(?:\.conf|_conf(?:ig)?)?\.py$/.test(path)))
    return { sign: "Gunicorn runs several workers", isSetUp: true };
  const sign = SERVERS.find(([module]) => project.imports(module))?.[1];
  return sign === undefined ? null : { sign, isSetUp: false };
}

interface Clear {
  readonly holder: string;
  readonly caller: FunctionDefinition | null;
  readonly at: SourceRange;
}

/** Of cached functions, and of dicts of modules whose name says that they are caches. */
function clearsOf(project: Project): readonly Clear[] {
  const functions = cacheClears(project).map(({ cached, caller, module, line, column }) => ({
    holder: cached.definition.name,
    caller,
    at: pointIn(module, line, column),
  }));
  const containers = project.containers.flatMap(({ fact, name, sites, module }) => {
    if (fact.holder !== "module-global" || !/cache|memo(?!r)/i.test(fact.path) || module.isTest) return [];
    return sites
      .filter((site) => site.fact.action === "remove" && site.fact.how === "clear" && !site.module.isTest)
      .map((site) => ({ holder: name, caller: site.function, at: rangeAt(site.module.path, site.fact.at) }));
  });
  return [...functions, ...containers];
}

/** More calls between a handler and the clearing than this, and it may well be for something else. */
const LONGEST_CHAIN = 4;

/** Of signals only those that say that data has changed: `setting_changed` is for tests, others come once per process. */
const CHANGES = /(?:^|\.)(?:(?:pre|post)_(?:save|delete)|m2m_changed)(?:\.connect)?$/;

function isChangeOfData({ kind, chain: [entry] }: Context, project: Project): boolean {
  const receiver = kind === "event" && entry !== undefined ? project.functionOf(entry.name) : null;
  if (receiver === null) return false;
  const isDecorated = receiver.fact.decorators.some(({ args }) =>
    (args ?? []).some(({ value }) => CHANGES.test(value)),
  );
  return (
    isDecorated ||
    project.files.some(({ callbacks }) =>
      callbacks.some((each) => CHANGES.test(each.to) && project.functionOf(each.function) === receiver),
    )
  );
}

function draftOf({ holder, caller, at }: Clear, { sign, isSetUp }: Workers, project: Project): FindingDraft | null {
  const contexts = caller === null ? [] : project.contextsOf(caller);
  const context = contexts.find((each) => /^(?:request|task)$/.test(each.kind) || isChangeOfData(each, project));
  if (context === undefined) return null;
  const isNear = context.isSure && context.chain.length <= LONGEST_CHAIN;
  // A server that could run several workers may run one, or tell the others in a way that is not in sight; a job of a task
  // queue and a signal of changed data do run in one of several.
  const isOneOfMany = isSetUp || context.kind !== "request";
  return {
    at,
    message: `This clears \`${holder}\` in one process only: ${context.why} runs in one worker, and the others go on with the old values (${sign}).`,
    holder,
    confidence: isNear && isOneOfMany ? "likely" : "possible",
    bound: "old values in every other worker, until it ends",
    related: context.chain
      .slice(0, 2)
      .map(({ at: step, name }) => ({ ...step, message: `reached through \`${name}\`` })),
    fix: {
      text: "Let entries expire by time, put a version that all workers read into the key, or keep the cache outside, in Redis.",
      safety: "none",
      edits: [],
    },
  };
}
