// The edit that makes a container inside of the function in place of a default value.

import type { TextEdit } from "../../model/finding.ts";
import type { FileView } from "../../python/file-view.ts";
import type { FunctionDef, Parameter } from "../../python/tree.ts";

/** `x=[]` becomes `x=None` and `if x is None: x = []`. Empty when the body is on the line of the `def`. */
export function noneForDefault(file: FileView, node: FunctionDef, parameter: Parameter): readonly TextEdit[] {
  const { defaultValue, name } = parameter;
  const [first, second] = node.body;
  const isDocumented =
    first?.kind === "expression-statement" && first.value.kind === "constant" && first.value.type === "str";
  const start = isDocumented ? second : first;
  if (defaultValue === null || start === undefined) return [];
  const at = start.start;
  const indent = /(?:^|\n)([ \t]*)$/.exec(file.text.slice(0, at))?.[1];
  if (indent === undefined || indent === "" || file.text.includes("\r")) return [];
  const made = file.text.slice(defaultValue.start, defaultValue.end);
  const step = indent.includes("\t") ? "\t" : "    ";
  const { path } = file;
  return [
    { file: path, start: defaultValue.start, end: defaultValue.end, text: "None" },
    { file: path, start: at, end: at, text: `if ${name} is None:\n${indent}${step}${name} = ${made}\n${indent}` },
  ];
}
