// In which context a function runs, seen by somebody who asks whether memory grows.

import type { Context } from "../../python/contexts.ts";
import type { FunctionDefinition } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";

/** Like `contextOf`; but that only tests call a function says nothing about who else does. */
export function runningContext(project: Project, definition: FunctionDefinition): Context {
  const context = project.contextOf(definition);
  return context.kind === "test" ? { kind: "unknown", why: "", chain: [], isSure: true } : context;
}
