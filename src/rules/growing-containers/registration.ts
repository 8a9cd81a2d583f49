// Functions that fill a container while a program is set up: `register_codec(...)`, decorators, metaclasses.

import type { FunctionDefinition } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";

const REGISTERING =
  /^_*(?:register|unregister|add|set|install|declare|define|configure|config|enable|disable|subscribe|connect|include|use|load|setup|init|initialize|initialise|import|patch|monkey|bind|export|mark|deprecate|implement|implementer|override|provide|hook|listen|listens|attach|map|route|expose|whitelist|blacklist|require|discover|populate|bootstrap|prepare|build|create_all|warm|preload|activate|append|insert)(?:_|$|(?=[A-Z]))/;

/** Runs when something is decorated; a wrapper inside runs at every call. */
const DECORATING = /^_*(?:decorator|decorate|deco)$/;

/** By the name of the function, or of one around it. Such functions run once per definition of somebody's program. */
export function isRegistration(project: Project, definition: FunctionDefinition): boolean {
  if (DECORATING.test(definition.fact.name) || runsPerClass(project, definition)) return true;
  return isNamedLikeRegistration(project, definition);
}

function isNamedLikeRegistration(project: Project, { fact, module }: FunctionDefinition): boolean {
  // What makes an object runs once for each object.
  if (fact.name === "__init__") return false;
  // AddPackagePath as addPackagePath.
  if (fact.name === "on" || REGISTERING.test(fact.name.replace(/^_*[A-Z]/, (first) => first.toLowerCase())))
    return true;
  const around = fact.outer === undefined ? null : project.functionAt(module, fact.outer);
  return around !== null && isNamedLikeRegistration(project, around);
}

/** Runs when a class is made: as often as the program has classes. */
export function runsPerClass(project: Project, { fact, module }: FunctionDefinition): boolean {
  if (/^__(?:init_subclass|set_name|class_getitem|prepare)__$/.test(fact.name)) return true;
  if (fact.owner === undefined) return false;
  return /^__(?:new|init|call)__$/.test(fact.name) && project.isSubclass(`${module.module}.${fact.owner}`, "type");
}
