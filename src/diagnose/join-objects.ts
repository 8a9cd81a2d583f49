// When the holder says nothing: what piles up does. A callable is handed over somewhere, an object is made somewhere.

import type { FunctionDefinition } from "../python/definitions.ts";
import { BEHIND_CALLERS, callersInProgram } from "./calls-of.ts";
import { findFunction } from "./find-function.ts";
import { projectType } from "./places-on-path.ts";
import { type ProcessSource, siteAt } from "./process-source.ts";
import { rankOf, type RankedLine } from "./rank-sites.ts";
import { NO_JOIN, sitesOf, type JoinAsked, type SourceJoin } from "./source-join.ts";

/**
 * Lines that give the function away, as in `atexit.register(self.close)`; for a coroutine, those that call it. Lines of libraries
 * count when nothing else is known of the holder, which native code may keep.
 */
export function joinHandedOver(
  source: ProcessSource,
  { code }: JoinAsked,
  whose: "own" | "everybody",
): SourceJoin | null {
  if (code === null) return null;
  const handed = findFunction(source, code.file, code.firstLine, code.qualname);
  if (handed === null) return null;
  const { project } = source;
  const lines: RankedLine[] = [];
  let through: string | null = null;
  for (const file of project.files) {
    if (whose === "own" && !source.isOwn(file.path)) continue;
    for (const { to, as, inside, at } of file.callbacks.filter(
      (each) => project.functionOf(each.function)?.id === handed.id,
    )) {
      if (to !== "" && !to.startsWith(".")) through ??= `whatever \`${to}\` keeps`;
      const around = project.functionAt(file, inside);
      lines.push(...givingLines(source, { file: file.path, line: at[0], rank: rankOf(project, around) }, as, around));
    }
  }
  const inserts = lines.length > 0 ? lines : callersInProgram(source, handed);
  if (inserts.length === 0) return null;
  return { ...NO_JOIN, inserts: sitesOf(source, inserts), function: handed, through };
}

/** Whoever calls the function that makes and returns it gives it away; otherwise the line itself does. */
function givingLines(
  source: ProcessSource,
  line: RankedLine,
  as: string,
  around: FunctionDefinition | null,
): readonly RankedLine[] {
  const takers = as === "return" && around !== null ? callersInProgram(source, around) : [];
  if (takers.length > 0) return takers;
  return source.isOwn(line.file) ? [line] : behindCallers(source, line, around);
}

function behindCallers(
  source: ProcessSource,
  line: RankedLine,
  around: FunctionDefinition | null,
): readonly RankedLine[] {
  const callers = around === null ? [] : callersInProgram(source, around);
  return [...callers, { ...line, rank: line.rank + BEHIND_CALLERS }];
}

/** Lines that make objects of the type that piles up. */
export function joinMakings(source: ProcessSource, { mostly }: JoinAsked): SourceJoin | null {
  const made = mostly === null ? null : source.project.classOf(projectType(mostly, source.moduleInProject));
  if (made === null || !source.isOwn(made.module.path)) return null;
  const inserts = source.project
    .makingsOf(made.name)
    .filter(({ module }) => source.isOwn(module.path))
    .map(({ caller, module, line, flags }) => ({
      file: module.path,
      line,
      rank: rankOf(source.project, caller, flags),
    }));
  if (inserts.length === 0) return null;
  return {
    ...NO_JOIN,
    declared: siteAt(source, made.module.path, made.fact.at[0]),
    inserts: sitesOf(source, inserts),
    classes: [made],
  };
}
