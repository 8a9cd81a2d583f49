// A container class of the program or of a library may keep itself small, as an `OrderedDict` that drops its oldest key does.

import { projectType } from "./places-on-path.ts";
import type { ProcessSource } from "./process-source.ts";

const ASKS_FOR_SIZE = /\blen\(self\)|\bsuper\([^)]*\)\.__len__\(/;
const TAKES_OUT =
  /\bself\.(?:popitem|popleft|pop)\(|\bdel self\[|\bsuper\([^)]*\)\.(?:popitem|popleft|pop|__delitem__)\(/;

/** "some" when a class takes elements out of itself and asks for its size; null when it does not, or was not read. O(lines of it). */
export function boundOfClass(source: ProcessSource, type: string): "some" | null {
  const definition = source.project.classOf(projectType(type, source.moduleInProject));
  if (definition === null) return null;
  const { module, fact } = definition;
  const lines = source.linesOf(module.path).slice(fact.at[0] - 1, fact.endLine);
  return lines.some((line) => ASKS_FOR_SIZE.test(line)) && lines.some((line) => TAKES_OUT.test(line)) ? "some" : null;
}
