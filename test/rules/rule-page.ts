// A rule's page, taken apart: docs/rules/DW101-unbounded-cache.md is documentation and test in one.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Sources } from "../support/scan-sources.ts";

const FOLDER = join(import.meta.dirname, "../../docs/rules");

export interface PageExample {
  /** Line of the page where the block begins. */
  readonly line: number;
  readonly sources: Sources;
}

export interface RulePage {
  /** DW101-unbounded-cache */
  readonly name: string;
  readonly text: string;
  readonly leaks: readonly PageExample[];
  readonly doesNotLeak: readonly PageExample[];
  /** Blocks in pairs: before and after `--fix`. */
  readonly fixed: readonly PageExample[];
  /** The same with `--unsafe-fixes`. */
  readonly fixedUnsafely: readonly PageExample[];
}

/** Every page but the catalogue. */
export function rulePages(): readonly RulePage[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".md") && name !== "README.md");
  return names.toSorted().map((name) => parsePage(name.slice(0, -3), readFileSync(join(FOLDER, name), "utf8")));
}

export function parsePage(name: string, text: string): RulePage {
  const examples = examplesBySection(text);
  const of = (section: string): readonly PageExample[] => examples.get(section) ?? [];
  return {
    name,
    text,
    leaks: of("Leaks"),
    doesNotLeak: of("Does not leak"),
    fixed: of("Fixed"),
    fixedUnsafely: of("Fixed with --unsafe-fixes"),
  };
}

const BLOCK_FILES: Readonly<Record<string, string>> = { python: "app.py", c: "module.c", cython: "module.pyx" };

function examplesBySection(text: string): ReadonlyMap<string, readonly PageExample[]> {
  const sections = new Map<string, PageExample[]>();
  let section = "";
  let block: { readonly line: number; readonly file: string; readonly lines: string[] } | null = null;
  text.split("\n").forEach((line, at) => {
    const fence = /^```(\w*)/.exec(line);
    if (block !== null) {
      if (fence === null) block.lines.push(line);
      else {
        const example = { line: block.line, sources: splitFiles(block.lines, block.file) };
        sections.set(section, [...(sections.get(section) ?? []), example]);
        block = null;
      }
    } else if (fence !== null) block = { line: at + 1, file: BLOCK_FILES[fence[1] ?? ""] ?? "", lines: [] };
    else section = /^## (.*)$/.exec(line)?.[1] ?? section;
  });
  return sections;
}

/** `# file: app/cache.py` (or `// file:`) begins a file. Blocks of another language have no sources. */
function splitFiles(lines: readonly string[], first: string): Sources {
  const files: Record<string, string[]> = {};
  let file = first;
  for (const line of lines) {
    const named = /^(?:#|\/\/) file: (\S+)$/.exec(line)?.[1];
    if (named !== undefined) {
      file = named;
      files[file] = [];
    } else if (file !== "") (files[file] ??= []).push(line);
  }
  return Object.fromEntries(Object.entries(files).map(([name, texts]) => [name, `${texts.join("\n")}\n`]));
}

/** "app.py:3 DW101", and "app.py:3 DW101?" for one that is only possible, for every mark in the sources. */
export function expectedFindings(sources: Sources, code: string): readonly string[] {
  const mark = new RegExp(`(?:#|//|/\\*)\\s*(${code}\\??)\\s*(?:\\*/)?\\s*$`);
  return Object.entries(sources).flatMap(([file, text]) =>
    text.split("\n").flatMap((line, at) => {
      const found = mark.exec(line)?.[1];
      return found === undefined ? [] : [`${file}:${at + 1} ${found}`];
    }),
  );
}
