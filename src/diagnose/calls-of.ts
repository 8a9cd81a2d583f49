// Calls by the name of what is called: in the program's own files, or in those of libraries that were read.

import type { FunctionDefinition } from "../python/definitions.ts";
import { calleeIn, type ModuleFacts } from "../python/facts.ts";
import type { ProcessSource } from "./process-source.ts";
import { rankOf, type RankedLine } from "./rank-sites.ts";

/** Calls whose callee fits, with their rank. One pass over the calls of the program. */
export function callsWhere(
  source: ProcessSource,
  fits: (callee: string, resolved: string) => boolean,
  extraRank: (callee: string) => number = () => 0,
): readonly RankedLine[] {
  const { project } = source;
  const found: RankedLine[] = [];
  for (const file of project.files) {
    if (!source.isOwn(file.path)) continue;
    const rows = file.callees.map((_name, row) => {
      const callee = calleeIn(file, row);
      return fits(callee, callee.startsWith(".") ? callee : project.resolve(callee)) ? callee : null;
    });
    for (const [inside, row, line, , flags] of file.calls) {
      const callee = rows[row] ?? null;
      if (callee === null) continue;
      const rank = rankOf(project, project.functionAt(file, inside), flags) + extraRank(callee);
      found.push({ file: file.path, line, rank });
    }
  }
  return found;
}

/**
 * Where libraries make such calls while the program runs, with the lines of the program that lead there first: these the program
 * can change. `isMeant` leaves files out, as those that define what is called.
 */
export function callsInLibraries(
  source: ProcessSource,
  fits: (callee: string, resolved: string) => boolean,
  isMeant: (file: ModuleFacts) => boolean,
): readonly RankedLine[] {
  const { project } = source;
  const lines: RankedLine[] = [];
  for (const file of project.files) {
    if (source.isOwn(file.path) || !isMeant(file)) continue;
    for (const [inside, row, line, , flags] of file.calls) {
      const callee = calleeIn(file, row);
      if (!fits(callee, callee.startsWith(".") ? callee : project.resolve(callee))) continue;
      const around = project.functionAt(file, inside);
      if (around === null || project.isImportTimeOnly(around)) continue;
      lines.push({ file: file.path, line, rank: BEHIND_CALLERS + rankOf(project, around, flags) });
      lines.push(...callersInProgram(source, around));
    }
  }
  return lines;
}

/** A line of a library stands behind those of the program that lead to it. */
export const BEHIND_CALLERS = 20;

/** A wanted `.method` also fits `app.web.bus.method`. */
export function fitsNamed(wanted: readonly string[]): (callee: string, resolved: string) => boolean {
  const exact = new Set(wanted);
  const methods = wanted.filter((name) => name.startsWith("."));
  return (callee, resolved) =>
    exact.has(callee) ||
    exact.has(resolved) ||
    methods.some((method) => callee.endsWith(method) || resolved.endsWith(method));
}

/** Where the program calls `definition`, or what leads to it through at most a few functions of libraries. */
export function callersInProgram(source: ProcessSource, definition: FunctionDefinition): readonly RankedLine[] {
  const { project } = source;
  const found: RankedLine[] = [];
  const seen = new Set([definition.id]);
  let front = [definition];
  for (let depth = 0; depth < DEEPEST && front.length > 0 && found.length === 0; depth++) {
    const next: FunctionDefinition[] = [];
    for (const callee of front) {
      for (const { edge, caller, module } of project.callersOf(callee)) {
        if (source.isOwn(module.path) && edge.how !== "wraps")
          found.push({
            file: module.path,
            line: edge.line,
            rank: rankOf(project, caller, edge.flags) + (edge.how === "name" ? 2 : 0),
          });
        else if (caller !== null && !seen.has(caller.id) && !source.isOwn(module.path)) {
          seen.add(caller.id);
          next.push(caller);
        }
      }
    }
    front = next.slice(0, WIDEST);
  }
  return found;
}

const DEEPEST = 6;
const WIDEST = 200;
