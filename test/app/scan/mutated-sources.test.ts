// The examples of every rule's page, damaged at random, through the whole pipeline: facts, rules, suppressions. Whatever is in
// a file, the scan ends, no rule fails, and what is found lies in the file.

import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { languageOf } from "../../../src/app/scan/source-language.ts";
import { scanSources } from "../../support/scan-sources.ts";

const PAGES = join(import.meta.dirname, "../../../docs/rules");
const BLOCK = /```(python|c|cython)\n([\s\S]*?)```/g;
const NAMES = { python: "app.py", c: "module.c", cython: "module.pyx" } as const;
/** What breaks parsers, and what changes what a rule sees. */
const PIECES = [
  ..."( ) [ ] { } : , . * @ ' \" \\ # \n \t \f \0 ; = \r \ufeff \ud800 ''' ** self. f'{ 1e999".split(" "),
  ..."lambda: |async |await |yield |global x\n|nonlocal x\n|del |\n    | ".split("|"),
];

interface Example {
  readonly path: (typeof NAMES)[keyof typeof NAMES];
  readonly text: string;
}

const EXAMPLES: readonly Example[] = readdirSync(PAGES)
  .filter((name) => /^DW\d/.test(name))
  .flatMap((name) => [...readFileSync(join(PAGES, name), "utf8").matchAll(BLOCK)])
  .map(([, language, text = ""]) => ({ path: NAMES[language as keyof typeof NAMES], text }));

/** Cuts, insertions, and lines that change places. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(12),
  put: fc.constantFrom("", ...PIECES),
  move: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function mutated(text: string, { at, cut, put, move }: Change): string {
  if (move === null) {
    const from = Math.floor(at * text.length);
    return text.slice(0, from) + put + text.slice(from + cut);
  }
  const lines = text.split("\n");
  const [line = ""] = lines.splice(Math.floor(at * (lines.length - 1)), 1);
  lines.splice(Math.floor(move * lines.length), 0, line);
  return lines.join("\n");
}

describe("damaged examples", () => {
  it.each(["python", "c", "cython"] as const)(
    "in %s",
    async (language) => {
      const own = EXAMPLES.filter(({ path }) => path === NAMES[language]);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...own),
          fc.constantFrom(...own),
          fc.array(change, { minLength: 1, maxLength: 5 }),
          async (one, other, changes) => {
            const text = changes.reduce(mutated, `${one.text}\n${other.text}`);
            expect(languageOf(one.path)).not.toBeNull();
            const { findings, problems } = await scanSources({ [one.path]: text });
            expect(problems.filter((each) => each.message.includes("bug in deadweight"))).toEqual([]);
            const lines = text.split(/\r\n|\r|\n/);
            for (const { line, endLine, column, endColumn } of findings) {
              expect(line).toBeGreaterThan(0);
              expect(endLine).toBeLessThanOrEqual(lines.length);
              expect(endLine > line || endColumn >= column).toBe(true);
            }
          },
        ),
        { numRuns: 200 },
      );
    },
    120_000,
  );
});
