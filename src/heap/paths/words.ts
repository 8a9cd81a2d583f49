// The small pieces of text that names are made of.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { fieldTarget, roleOf, typeRowOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import type { HeapAnalysis } from "../analyse.ts";
import type { CodeRow, Snapshot } from "../snapshot.ts";

const LONGEST_KEY = 60;
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}

/** A key as in a subscript: `'k17'`, `17`, or its type when the value was not kept: `<str>`. */
export function keyWords(snapshot: Snapshot, key: NodeIx): string {
  const text = textOf(snapshot.texts, key);
  if (text === null) return `<${typeRowOf(snapshot, key).name}>`;
  return roleOf(snapshot, key) === "int" ? text : quoted(text);
}

/** Python's way of writing a string, safe to print, shortened. */
export function quoted(text: string): string {
  const short = text.length > LONGEST_KEY ? `${text.slice(0, LONGEST_KEY)}…` : text;
  return `'${printable(short.replaceAll("\\", "\\\\").replaceAll("'", "\\'"))}'`;
}

/** `.name`, or `['odd name']` where an attribute could not be written like that. */
export function attributeSegment(name: string): string {
  return isIdentifier(name) || name.startsWith("<") ? `.${name}` : `.__dict__[${quoted(name)}]`;
}

/** "app.py" of "/srv/app/app.py". */
export function fileName(file: string): string {
  return printable(file.slice(file.lastIndexOf("/") + 1));
}

/** The function around a nested one: "make" for "make.<locals>.inner"; the function itself when there is none. */
export function enclosingName(qualname: string): string {
  const nested = qualname.lastIndexOf(".<locals>.");
  return nested < 0 ? qualname : qualname.slice(0, nested);
}

/** "handler" for "make.<locals>.handler": the last name, with its class. */
export function shortName(qualname: string): string {
  const nested = qualname.lastIndexOf(".<locals>.");
  return nested < 0 ? qualname : qualname.slice(nested + ".<locals>.".length);
}

/** `make_handler at app.py:31`. */
export function codeWords(name: string, code: CodeRow): string {
  return `${printable(name)} at ${fileName(code.file)}:${code.firstLine}`;
}

/** The code of a function node, or null. */
export function codeOfFunction(analysis: HeapAnalysis, node: NodeIx): CodeRow | null {
  const code = fieldTarget(analysis.snapshot, node, "__code__");
  return code === null ? null : (analysis.codeOf.get(code) ?? null);
}

/** The module whose globals a function uses, or null. */
export function moduleOfFunction(analysis: HeapAnalysis, node: NodeIx): string | null {
  const globals = fieldTarget(analysis.snapshot, node, "__globals__");
  return globals === null ? null : (analysis.modules.byNamespace.get(globals)?.name ?? null);
}

/** The function behind an lru_cache wrapper, or null when a C function is cached. */
export function wrappedFunction(analysis: HeapAnalysis, wrapper: NodeIx): NodeIx | null {
  for (const name of ["func", "__wrapped__", "user_function"]) {
    const target = fieldTarget(analysis.snapshot, wrapper, name);
    if (target !== null && roleOf(analysis.snapshot, target) === "function") return target;
  }
  return null;
}

/** The code a generator, coroutine or frame runs, or null. */
export function codeOfFrame(analysis: HeapAnalysis, node: NodeIx): CodeRow | null {
  const { edgeStart, edgeTarget } = analysis.snapshot.refs;
  const end = edgeStart[node + 1]!;
  for (let edge = edgeStart[node]!; edge < end; edge++) {
    const code = analysis.codeOf.get(edgeTarget[edge]!);
    if (code !== undefined) return code;
  }
  return null;
}
