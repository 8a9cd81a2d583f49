// When the holder says nothing: what piles up does. A callable is handed over somewhere, an object is made somewhere.

import { callersInProgram } from "./calls-of.ts";
import { findFunction } from "./find-function.ts";
import { projectType } from "./places-on-path.ts";
import { type ProcessSource, siteAt } from "./process-source.ts";
import { rankOf, type RankedLine } from "./rank-sites.ts";
import { NO_JOIN, sitesOf, type JoinAsked, type SourceJoin } from "./source-join.ts";

/** Lines that give the function away, as in `atexit.register(self.close)`; for a coroutine, those that call it. */
export function joinHandedOver(source: ProcessSource, { code }: JoinAsked): SourceJoin | null {
  if (code === null) return null;
  const handed = findFunction(source, code.file, code.firstLine, code.qualname);
  if (handed === null) return null;
  const { project } = source;
  const lines: RankedLine[] = [];
  let through: string | null = null;
  for (const file of project.files) {
    if (!source.isOwn(file.path)) continue;
    for (const { function: name, to, inside, at } of file.callbacks) {
      if (project.functionOf(name)?.id !== handed.id) continue;
      if (to !== "" && !to.startsWith(".")) through ??= `whatever \`${to}\` keeps`;
      lines.push({ file: file.path, line: at[0], rank: rankOf(project, project.functionAt(file, inside)) });
    }
  }
  const inserts = lines.length > 0 ? lines : callersInProgram(source, handed);
  if (inserts.length === 0) return null;
  return { ...NO_JOIN, inserts: sitesOf(source, inserts), function: handed, through };
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
