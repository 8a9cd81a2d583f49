// Functions that fill a container while a program is set up: `register_codec(...)`, decorators, metaclasses.

import type { FunctionDefinition } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";

const REGISTERING =
  /^_*(?:register|unregister|add|set|install|declare|define|configure|config|enable|disable|subscribe|connect|include|use|load|setup|init|initialize|initialise|import|patch|monkey|bind|export|mark|deprecate|implement|implementer|override|provide|hook|listen|listens|on|attach|map|route|expose|whitelist|blacklist|require|discover|populate|bootstrap|prepare|build|create_all|warm|preload|activate|append|insert|decorator|decorate|deco)(?:_|$|(?=[A-Z]))/;

/** By the name of the function, or of one around it. Such functions run once per definition of somebody's program. */
export function isRegistration(project: Project, definition: FunctionDefinition): boolean {
  // AddPackagePath as add_package_path.
  const name = definition.fact.name.replace(/^(_*[A-Z])/, (first) => first.toLowerCase());
  if (REGISTERING.test(name) || runsPerClass(project, definition)) return true;
  const { outer } = definition.fact;
  const around = outer === undefined ? null : project.functionAt(definition.module, outer);
  return around !== null && isRegistration(project, around);
}

/** Runs when a class is made. */
function runsPerClass(project: Project, { fact, module }: FunctionDefinition): boolean {
  if (/^__(?:init_subclass|set_name|class_getitem|prepare)__$/.test(fact.name)) return true;
  if (fact.owner === undefined) return false;
  return /^__(?:new|init|call)__$/.test(fact.name) && project.isSubclass(`${module.module}.${fact.owner}`, "type");
}
