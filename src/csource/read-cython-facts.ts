// Cython sources by lines and indentation: no grammar reads them (static-anchors: tree-sitter-python fails on every file of
// lxml). Only what one line says for sure is used: `x = <T*>malloc(..)`, `free(x)`, `raise`, `return`.

import type { SourceRange } from "../model/finding.ts";
import { emptyCFacts, type CFileFacts, type CythonAllocation } from "./c-file-facts.ts";

interface Line {
  /** Without comment, trimmed. */
  readonly text: string;
  readonly indent: number;
  /** From 1. */
  readonly number: number;
}

interface Block {
  readonly kind: "class" | "function";
  readonly name: string;
  readonly indent: number;
  readonly lines: Line[];
  readonly inClass: Block | null;
}

const ALLOCATION =
  /^(?:cdef\s+[\w\s*.]*?)?\*?([A-Za-z_][\w.]*)\s*=\s*(?:<[^>]*>\s*)?(?:\w+\.)?(\w*(?:[mc]alloc|Malloc|Calloc|strdup))\s*\(/;
const CLASS = /^(?:cdef\s+|cpdef\s+)?(?:public\s+|api\s+)*class\s+(\w+)/;
const FUNCTION = /^(?:async\s+)?(?:def|cdef|cpdef)\s[^=]*?(\w+)\s*\(.*$/;

/** Allocations of C memory that nothing in the function or class frees. O(length), times allocations in a function. */
export function readCythonFacts(path: string, text: string): CFileFacts {
  const allocations: CythonAllocation[] = [];
  const blocks = blocksOf(linesOf(text));
  for (const block of blocks) {
    if (block.kind !== "function") continue;
    for (const line of block.lines) {
      const found = allocationAt(path, line, block);
      if (found !== null) allocations.push(found);
    }
  }
  const functions = blocks.filter(({ kind }) => kind === "function").length;
  return { ...emptyCFacts(path, "cython"), functions, allocations };
}

/** Lines with code; texts over several lines and comments are gone. */
function linesOf(text: string): Line[] {
  const plain = text.replace(/("""|''')[\s\S]*?\1/g, (found) => found.replace(/[^\n]/g, " "));
  return plain.split(/\r\n|\r|\n/).flatMap((line, at) => {
    const code = line.replace(/#.*$/, "");
    const trimmed = code.trim();
    return trimmed === "" ? [] : [{ text: trimmed, indent: code.length - code.trimStart().length, number: at + 1 }];
  });
}

function blocksOf(lines: readonly Line[]): Block[] {
  const blocks: Block[] = [];
  const open: Block[] = [];
  for (const line of lines) {
    while ((open.at(-1)?.indent ?? -1) >= line.indent) open.pop();
    for (const block of open) block.lines.push(line);
    const inClass = open.findLast(({ kind }) => kind === "class") ?? null;
    const className = CLASS.exec(line.text)?.[1];
    const functionName =
      line.text.endsWith(":") || line.text.endsWith("(") || line.text.endsWith(",")
        ? FUNCTION.exec(line.text)?.[1]
        : undefined;
    const name = className ?? functionName;
    if (name === undefined) continue;
    const block: Block = {
      kind: className === undefined ? "function" : "class",
      name,
      indent: line.indent,
      lines: [],
      inClass,
    };
    blocks.push(block);
    open.push(block);
  }
  return blocks;
}

function allocationAt(path: string, line: Line, block: Block): CythonAllocation | null {
  const match = ALLOCATION.exec(line.text);
  const [, target = "", maker = ""] = match ?? [];
  if (match === null) return null;
  const reason = target.startsWith("self.") ? reasonOfField(target, block) : reasonOfLocal(target, line, block);
  if (reason === null) return null;
  const inClass = block.inClass?.name ?? null;
  return { maker, at: rangeOf(path, line), target, inFunction: block.name, inClass, reason };
}

function rangeOf(file: string, { number, indent, text }: Line): SourceRange {
  return { file, line: number, column: indent + 1, endLine: number, endColumn: indent + text.length + 1 };
}

const pattern = (name: string): string => name.replace(/\./g, "\\.");

const frees = (target: string): RegExp =>
  new RegExp(`\\b\\w*[Ff]ree\\w*\\s*\\(\\s*(?:<[^>]*>\\s*)?${pattern(target)}\\b`);

function reasonOfField(target: string, { inClass }: Block): CythonAllocation["reason"] | null {
  if (inClass === null) return null;
  if (!inClass.lines.some(({ text }) => frees(target).test(text))) {
    const isPassed = new RegExp(`\\(.*\\b${pattern(target)}\\b`);
    return inClass.lines.some(({ text }) => isPassed.test(text)) ? null : "never-freed";
  }
  return inClass.lines.some(({ text }) => /^def\s+__(?:dealloc|del)__\b/.test(text)) ? null : "no-dealloc";
}

/** Null when it is freed on every line of exit, or goes to somebody else. */
function reasonOfLocal(target: string, at: Line, { lines }: Block): CythonAllocation["reason"] | null {
  if (target.includes(".")) return null;
  const after = lines.filter(({ number }) => number > at.number);
  const name = new RegExp(`\\b${target}\\b`);
  const escapes = new RegExp(
    `^return\\b.*\\b${target}\\b(?!\\s*\\[)|[\\w\\])]\\s*=\\s*(?:<[^>]*>\\s*)?${target}\\b(?!\\s*\\[)|^global\\b.*\\b${target}\\b|&\\s*${target}\\b`,
  );
  if (lines.some(({ text }) => escapes.test(text))) return null;
  const freed = after.find(({ text }) => frees(target).test(text));
  if (freed === undefined) {
    const isPassed = after.some(
      ({ text }) => new RegExp(`\\w\\s*\\([^()]*\\b${target}\\b(?!\\s*\\[)`).test(text) && !/^if\b/.test(text),
    );
    return isPassed ? null : "never-freed";
  }
  if (lines.some(({ text }) => text === "finally:")) return null;
  const between = after.filter(({ number }) => number < freed.number);
  const leaves = between.findIndex(({ text }) => /^(?:raise|return)\b/.test(text));
  if (leaves < 0) return null;
  // `if x is NULL: raise MemoryError()`
  const guard = between.slice(0, leaves).findLast(({ indent }) => indent < (between[leaves]?.indent ?? 0));
  const isGuard = guard !== undefined && /^(?:if|elif)\b/.test(guard.text) && name.test(guard.text);
  const rest = between.slice(leaves + 1).some(({ text }) => /^(?:raise|return)\b/.test(text));
  return isGuard && !rest ? null : "not-in-finally";
}
