// Where caches are emptied by hand.

import type { RelatedLocation } from "../../model/finding.ts";
import type { FunctionDefinition } from "../../python/definitions.ts";
import { calleeIn, type ModuleFacts } from "../../python/facts.ts";
import type { Project } from "../../python/project.ts";
import { pointIn } from "./call-arguments.ts";
import { cachedFunctionNamed, type CachedFunction } from "./cached-functions.ts";

export interface CacheClear {
  readonly cached: CachedFunction;
  /** Null for the body of the module. */
  readonly caller: FunctionDefinition | null;
  readonly module: ModuleFacts;
  readonly line: number;
  readonly column: number;
  /** Bits of SITE. */
  readonly flags: number;
}

const CLEARING = /^(.+)\.(?:cache_clear|cache\.clear|cache_close|clear)$/;

/** `f.cache_clear()` outside of tests, and `f.cache_clear` handed over. Linear in the number of callees. */
export function cacheClears(project: Project): readonly CacheClear[] {
  return project.files.filter(({ isTest }) => !isTest).flatMap((module) => clearsIn(project, module));
}

function clearsIn(project: Project, module: ModuleFacts): readonly CacheClear[] {
  const cleared = module.callees.map((_name, row) => clearedBy(project, calleeIn(module, row)));
  const called = module.calls.flatMap(([inside, callee, line, column, flags]) => {
    const cached = cleared[callee] ?? null;
    return cached === null ? [] : [{ cached, caller: project.functionAt(module, inside), module, line, column, flags }];
  });
  const handed = module.callbacks.flatMap(({ function: name, inside, at: [line, column] }) => {
    const cached = clearedBy(project, name);
    return cached === null
      ? []
      : [{ cached, caller: project.functionAt(module, inside), module, line, column, flags: 0 }];
  });
  return [...called, ...handed];
}

function clearedBy(project: Project, name: string): CachedFunction | null {
  const target = CLEARING.exec(name)?.[1];
  return target === undefined ? null : cachedFunctionNamed(project, target);
}

/** Those of one cache that are not made while modules are imported. */
export function clearsWhileRunning(
  clears: readonly CacheClear[],
  { definition }: CachedFunction,
): readonly RelatedLocation[] {
  return clears
    .filter(({ cached, caller }) => cached.definition === definition && caller !== null)
    .map(({ module, line, column }) => ({ ...pointIn(module, line, column), message: "is cleared here" }));
}
