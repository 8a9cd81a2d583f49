// In which context a function runs, seen by somebody who asks whether memory grows.

import type { Context } from "../../python/contexts.ts";
import type { FunctionDefinition } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";
import { isStartedByHand } from "../repeated-calls/started-by-hand.ts";

/** Packages by whose name everybody knows that they belong to a process which ends. */
const COMMAND_LINE = /(?:^|\.)_*(?:cli|management\.commands)(?:\.|$)/;

/**
 * The strongest context that says how often the function runs: that only tests call it, or that somebody starts it as a
 * task of an event loop, says nothing about that.
 */
export function runningContext(project: Project, definition: FunctionDefinition): Context {
  const context = project.contextsOf(definition).find((each) => each.kind !== "test" && !isStartedByHand(each));
  if (context !== undefined && context.kind !== "unknown") return context;
  return COMMAND_LINE.test(definition.module.module)
    ? { kind: "command", why: "a module of the command line", chain: [], isSure: true }
    : NOTHING;
}

const NOTHING: Context = { kind: "unknown", why: "", chain: [], isSure: true };
