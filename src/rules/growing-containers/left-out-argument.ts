// Whether callers rely on the default of a parameter.

import type { FunctionDefinition } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";

/** True when some call in the project leaves `parameter` out, or when nobody in the project calls the function. */
export function leavesOut(project: Project, definition: FunctionDefinition, parameter: string): boolean {
  const calls = project.callersOf(definition).filter(({ edge, module }) => edge.how === "call" && !module.isTest);
  if (calls.length === 0) return true;
  const { params, owner } = definition.fact;
  const positional = params.filter(({ kind }) => kind === undefined).map(({ name }) => name);
  const bound = owner !== undefined && /^(?:self|cls|mcs)$/.test(positional[0] ?? "") ? 1 : 0;
  const at = positional.indexOf(parameter) - bound;
  return calls.some(({ edge }) => {
    const given = edge.args === "" ? [] : edge.args.split(",");
    if (given.some((each) => each.startsWith("*") || each.startsWith(`${parameter}:`))) return false;
    const placed = given.filter((each) => !each.includes(":")).length;
    return at < 0 || placed <= at;
  });
}
