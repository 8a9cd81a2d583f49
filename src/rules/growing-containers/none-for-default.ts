// The edit that makes a container inside of the function in place of a default value.

import type { TextEdit } from "../../model/finding.ts";
import type { FileView } from "../../python/file-view.ts";
import { lookUp } from "../../python/scopes.ts";
import type { Expression, FunctionDef, Parameter, Statement } from "../../python/tree.ts";
import { walk } from "../../python/walk.ts";

/**
 * `x=[]` becomes `x=None` and `if x is None: x = []`. Empty when the body is on the line of the `def` or begins with a
 * decorator, and when the default would not mean the same inside.
 */
export function noneForDefault(file: FileView, node: FunctionDef, parameter: Parameter): readonly TextEdit[] {
  const { defaultValue, name } = parameter;
  const start = firstStatement(node);
  if (defaultValue === null || start === null || !meansSameInside(file, node, defaultValue)) return [];
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

/** After the docstring. Null where nothing can be put before it: at a decorator, whose place is that of the `def` below it. */
function firstStatement({ body: [first, second] }: FunctionDef): Statement | null {
  const isDocumented =
    first?.kind === "expression-statement" && first.value.kind === "constant" && first.value.type === "str";
  const start = isDocumented ? second : first;
  if (start === undefined) return null;
  const isDecorated = (start.kind === "function" || start.kind === "class") && start.decorators.length > 0;
  return isDecorated ? null : start;
}

/** Defaults see the class around, which the body does not, and do not see the parameters. O(size of the default). */
function meansSameInside(file: FileView, node: FunctionDef, value: Expression): boolean {
  const inside = file.scopes.openedBy(node);
  let isSame = true;
  walk(value, (each) => {
    if (each.kind === "name") isSame &&= lookUp(file.scopes.scopeOf(each), each.id) === lookUp(inside, each.id);
  });
  return isSame;
}
