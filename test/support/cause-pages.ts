// The pieces of Python on the pages of docs/causes, each with the versions of Python it holds for.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../../docs/causes");

export interface PageSnippet {
  /** Line of the page where the block begins. */
  readonly line: number;
  readonly code: string;
  /** Of Python 3.x; from its first line: `# Python >= 3.9, < 3.12`. */
  readonly holdsFor: (minor: number) => boolean;
}

export interface CausePageFile {
  /** L07-reference-cycles.md */
  readonly file: string;
  readonly text: string;
  readonly snippets: readonly PageSnippet[];
}

export function causePageFiles(): readonly CausePageFile[] {
  const files = readdirSync(FOLDER).filter((name) => /^L\d\d-/.test(name));
  return files.toSorted().map((file) => {
    const text = readFileSync(join(FOLDER, file), "utf8");
    return { file, text, snippets: snippetsOf(text) };
  });
}

export function snippetsOf(text: string): readonly PageSnippet[] {
  return Array.from(text.matchAll(/^```python\n(.*?)^```$/gms), (match) => {
    const code = match[1] ?? "";
    return { line: text.slice(0, match.index).split("\n").length, code, holdsFor: versionsOf(code) };
  });
}

function versionsOf(code: string): (minor: number) => boolean {
  const stated = /^# Python (.*)$/m.exec(code.split("\n", 1)[0] ?? "")?.[1] ?? "";
  const bounds = Array.from(stated.matchAll(/(>=|<)\s*3\.(\d+)/g), ([, operator = "", minor = ""]) => ({
    operator,
    minor: Number(minor),
  }));
  if (stated !== "" && bounds.length !== stated.split(",").length)
    throw new Error(`not understood: # Python ${stated}`);
  return (minor) => bounds.every((bound) => (bound.operator === ">=" ? minor >= bound.minor : minor < bound.minor));
}
