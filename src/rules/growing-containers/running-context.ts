// In which context a function runs, seen by somebody who asks whether memory grows.

import type { Context } from "../../python/contexts.ts";
import type { FunctionDefinition } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";

/** Packages by whose name everybody knows that they belong to a process which ends. */
const COMMAND_LINE = /(?:^|\.)_*(?:cli|management\.commands)(?:\.|$)/;

/** Like `contextOf`; but that only tests call a function says nothing about who else does. */
export function runningContext(project: Project, definition: FunctionDefinition): Context {
  const context = project.contextOf(definition);
  if (context.kind === "unknown" && COMMAND_LINE.test(definition.module.module))
    return { kind: "command", why: "a module of the command line", chain: [], isSure: true };
  return context.kind === "test" ? { kind: "unknown", why: "", chain: [], isSure: true } : context;
}
