// The function that a line of source belongs to.

import type { FunctionDefinition } from "../python/definitions.ts";
import type { Project } from "../python/project.ts";

/** The innermost; null for the body of a module and for files that were not read. O(functions). */
export function functionAtLine(
  { functions }: Project,
  { file, line }: { readonly file: string; readonly line: number },
): FunctionDefinition | null {
  let found: FunctionDefinition | null = null;
  for (const each of functions) {
    const { module, fact } = each;
    if (module.path !== file || line < fact.at[0] || line > fact.endLine) continue;
    if (found === null || fact.at[0] >= found.fact.at[0]) found = each;
  }
  return found;
}

/** Whether somebody decorates with the function, or with one that it lies in. */
export function isDecorator(project: Project, definition: FunctionDefinition): boolean {
  const around = new Set<string>();
  for (let at: FunctionDefinition | null = definition; at !== null; ) {
    around.add(at.name);
    at = at.fact.outer === undefined ? null : project.functionAt(at.module, at.fact.outer);
  }
  return project.functions.some(({ fact }) => fact.decorators.some(({ name }) => around.has(project.resolve(name))));
}
