// Page: docs/rules/DW111-cache-clear-under-threads.md

import {
  sitesThat,
  type ContainerDefinition,
  type ContainerSite,
  type FunctionDefinition,
} from "../python/definitions.ts";
import { isUnder, rangeAt } from "../python/facts.ts";
import type { Project } from "../python/project.ts";
import { cacheClears, type CacheClear } from "./cached-functions/cache-clears.ts";
import { decoratorRange } from "./cached-functions/cached-functions.ts";
import { pointIn } from "./cached-functions/call-arguments.ts";
import { removalsFrom } from "./growing-containers/removals.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const cacheClearUnderThreads: Rule = defineRule<never>({
  code: "DW111",
  name: "cache-clear-under-threads",
  cause: "L3",
  summary:
    "A cache that one thread empties while another fills it keeps a value from before, or misses one it has just checked for.",
  twins: [],
  bestConfidence: "possible",
  judge: (_found, project) => [
    ...cacheClears(project).flatMap((clear) => draftOfClear(clear, project) ?? []),
    ...project.containers.filter(isCache).flatMap((container) => draftOfContainer(container, project) ?? []),
  ],
});

/** Why a function may run in several threads at once; null when nothing says so. */
function threadsOf(definition: FunctionDefinition, project: Project): string | null {
  const context = project.contextsOf(definition).find(({ kind, isSure }) => kind === "thread" && isSure);
  return context?.why ?? null;
}

function draftOfClear(clear: CacheClear, project: Project): FindingDraft | null {
  const { cached, caller, module, line, column } = clear;
  const { definition } = cached;
  const why = caller === null || isUnder(clear, "lock") ? null : threadsOf(definition, project);
  if (why === null || project.isImportTimeOnly(caller)) return null;
  return {
    at: pointIn(module, line, column),
    message: `A thread that computes \`${definition.name}\` while this empties its cache stores its old value afterwards, and it stays: the function is reached from ${why}.`,
    holder: definition.name,
    confidence: "possible",
    bound: "one old value for each thread under way",
    related: [{ ...decoratorRange(cached), message: `\`${definition.name}\` is cached here` }],
    fix: { text: "Put a version into the key and raise it, instead of clearing.", safety: "none", edits: [] },
  };
}

function isCache({ fact, module }: ContainerDefinition): boolean {
  const isShared = fact.holder === "module-global" || fact.holder === "class-attribute";
  return isShared && fact.family === "mapping" && /cache|memo(?!r)/i.test(fact.path) && !module.isTest;
}

function draftOfContainer(container: ContainerDefinition, project: Project): FindingDraft | null {
  const removals = removalsFrom(project, container).filter(({ fact }) => !isUnder(fact, "lock"));
  const [removal] = removals;
  if (removal === undefined) return null;
  const write = sitesThat(container, "grow").find((site) => isCheckThenAct(site, project));
  const why = write?.function === null || write === undefined ? null : threadsOf(write.function, project);
  if (write === undefined || why === null) return null;
  return {
    at: rangeAt(write.module.path, write.fact.at),
    message: `\`${container.name}\` is checked and then filled without a lock by ${why}, while other code empties it: what was just found may be gone, and is computed twice.`,
    holder: container.name,
    confidence: "possible",
    bound: "one value too many for each thread",
    related: [{ ...rangeAt(removal.module.path, removal.fact.at), message: "is emptied here" }],
    fix: {
      text: "Hold one lock around check, computation and removal, or read once: `value = cache.get(key)`.",
      safety: "none",
      edits: [],
    },
  };
}

function isCheckThenAct({ fact, function: around, module }: ContainerSite, project: Project): boolean {
  if (around === null || module.isTest || project.isImportTimeOnly(around)) return false;
  return isUnder(fact, "memberGuard") && !isUnder(fact, "lock");
}
