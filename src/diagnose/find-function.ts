// The function that a code object of the heap belongs to.

import type { FunctionDefinition } from "../python/definitions.ts";
import type { ProcessSource } from "./process-source.ts";

/**
 * By file and the line where its code begins, which is that of its first decorator; by name where several begin there or none
 * does. Null when the file was not read. O(functions).
 */
export function findFunction(
  { project, absolutePath }: ProcessSource,
  file: string | null,
  line: number | null,
  name: string | null,
): FunctionDefinition | null {
  if (file === null) return null;
  const path = absolutePath(file);
  const there = project.functions.filter(({ module }) => module.path === path);
  const isNamed = ({ fact }: FunctionDefinition): boolean =>
    name !== null && (fact.path === name || fact.name === name);
  const begins = there.filter(
    ({ fact }) => fact.at[0] === line || fact.decorators.some((decorator) => decorator.at[0] === line),
  );
  const exact = begins.find(isNamed) ?? begins[0];
  if (exact !== undefined) return exact;
  const around = there.filter(({ fact }) => line !== null && fact.at[0] <= line && line <= fact.endLine);
  const innermost = around.toSorted((a, b) => b.fact.at[0] - a.fact.at[0]);
  return innermost.find(isNamed) ?? there.find(isNamed) ?? (name === null ? (innermost[0] ?? null) : null);
}

/** The function and those around it, innermost first. */
export function functionsAround(source: ProcessSource, definition: FunctionDefinition): readonly FunctionDefinition[] {
  const found: FunctionDefinition[] = [];
  for (let at: FunctionDefinition | null = definition; at !== null; ) {
    found.push(at);
    at = at.fact.outer === undefined ? null : source.project.functionAt(at.module, at.fact.outer);
  }
  return found;
}
