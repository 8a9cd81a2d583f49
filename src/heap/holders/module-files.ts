// Which file a module comes from, without its `__file__` (a value, kept only on request): the file of its functions.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { roleOf } from "../analysis/edges.ts";
import { mappingEntries } from "../analysis/modules.ts";
import { textOf } from "../analysis/texts.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { codeOfFunction, moduleOfFunction } from "../paths/words.ts";
import { fieldTarget } from "../analysis/edges.ts";

/** The file of a module, or null when none of its own functions or classes says. */
export function moduleFileOf(analysis: HeapAnalysis, name: string): string | null {
  const module = analysis.modules.byName.get(name);
  if (module === undefined) return null;
  const { snapshot } = analysis;
  let found: string | null = null;
  for (const { key, value } of mappingEntries(snapshot, module.namespace)) {
    if (textOf(snapshot.texts, key) === "__file__") {
      const file = textOf(snapshot.texts, value);
      if (file !== null) return printable(file);
    }
    found ??= fileOfMember(analysis, name, value);
  }
  return found;
}

/** File of a function of this module, or of a method of one of its classes. */
function fileOfMember(analysis: HeapAnalysis, module: string, value: NodeIx): string | null {
  const role = roleOf(analysis.snapshot, value);
  if (role === "function") return fileOfFunction(analysis, module, value);
  const members = role === "type" ? fieldTarget(analysis.snapshot, value, "__dict__") : null;
  if (members === null) return null;
  for (const member of mappingEntries(analysis.snapshot, members)) {
    if (roleOf(analysis.snapshot, member.value) !== "function") continue;
    const file = fileOfFunction(analysis, module, member.value);
    if (file !== null) return file;
  }
  return null;
}

function fileOfFunction(analysis: HeapAnalysis, module: string, value: NodeIx): string | null {
  if (moduleOfFunction(analysis, value) !== module) return null;
  const file = codeOfFunction(analysis, value)?.file;
  return file === undefined || file.startsWith("<") ? null : printable(file);
}
