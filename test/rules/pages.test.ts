// Every page of docs/rules is run: what it says leaks is found, what it says does not leak is not.

import { describe, expect, it } from "vitest";
import { fixFindings } from "../../src/app/scan/fix-findings.ts";
import { decodeSource } from "../../src/python/source-text.ts";
import { ALL_RULES } from "../../src/rules/all-rules.ts";
import { scanSources, type Sources } from "../support/scan-sources.ts";
import { expectedFindings, rulePages } from "./rule-page.ts";

const PAGES = rulePages();
const WANTED_HEADINGS = [
  "What it finds",
  "Why it matters",
  "Leaks",
  "Does not leak",
  "Fix",
  "When this is not a problem",
  "Limits",
  "Confirm at run time",
  "Twins",
  "Fix safety",
] as const;
/** Not about memory that other files hold. */
const WITHIN_ONE_FILE = new Set(["DW001"]);

it("every rule has a page, and every page a rule", () => {
  expect(PAGES.map((page) => page.name)).toEqual(ALL_RULES.map((rule) => `${rule.code}-${rule.name}`).toSorted());
});

it("every cause of the mission that source can show has a rule", () => {
  const causes = ["C9", ...Array.from({ length: 17 }, (_, at) => `L${at + 1}`)];
  expect(
    [...new Set(ALL_RULES.map((rule) => rule.cause))].filter((cause) => causes.includes(cause)).toSorted(),
  ).toEqual(causes.toSorted());
});

describe.each(ALL_RULES.map((rule) => [rule.code, rule] as const))("%s", (code, rule) => {
  const page = PAGES.find((each) => each.name === `${code}-${rule.name}`);
  const examples = { leaks: page?.leaks ?? [], doesNotLeak: page?.doesNotLeak ?? [] };

  it("has a page of the usual form", () => {
    const headings = Array.from(page?.text.matchAll(/^## (.*)$/gm) ?? [], (match) => match[1] ?? "");
    expect(headings.filter((heading) => !heading.startsWith("Fixed"))).toEqual(WANTED_HEADINGS);
    expect(page?.text.startsWith(`# ${code} ${rule.name}\n\n${rule.summary}\n`), "title and summary first").toBe(true);
  });

  it("shows at least three places that leak, three examples that do not, and one over several files", () => {
    const places = examples.leaks.flatMap(({ sources }) => expectedFindings(sources, code));
    expect(places.length).toBeGreaterThanOrEqual(3);
    expect(examples.doesNotLeak.length).toBeGreaterThanOrEqual(3);
    const largest = Math.max(...Object.values(examples).flatMap((each) => each.map(countFiles)));
    if (!WITHIN_ONE_FILE.has(code)) expect(largest).toBeGreaterThan(1);
  });

  it.each(examples.leaks.map((each) => [each.line, each] as const))(
    "finds the example at line %i",
    async (_, { sources }) => {
      expect(await found(sources, code)).toEqual(expectedFindings(sources, code));
      expect(expectedFindings(sources, code)).not.toEqual([]);
    },
  );

  it.each(examples.doesNotLeak.map((each) => [each.line, each] as const))(
    "is quiet about the example at line %i",
    async (_, { sources }) => expect(await found(sources, code)).toEqual([]),
  );

  const pairs = [...pairsOf(page?.fixed ?? [], "safe"), ...pairsOf(page?.fixedUnsafely ?? [], "unsafe")];
  if (pairs.length > 0)
    it.each(pairs)("fixes the example at line %i", async (_, before, after, safety) => {
      expect(await fixed(before, code, safety)).toEqual(after);
    });
});

function countFiles({ sources }: { readonly sources: Sources }): number {
  return Object.keys(sources).length;
}

/** In the words of expectedFindings. Examples are Python that can be read. */
async function found(sources: Sources, code: string): Promise<readonly string[]> {
  const { findings, problems } = await scanSources(sources);
  expect(problems).toEqual([]);
  const own = findings.filter((each) => each.code === code);
  const words = own.map(
    ({ file, line, confidence }) => `${file}:${line} ${code}${confidence === "possible" ? "?" : ""}`,
  );
  return inOrderOf(Object.keys(sources), words);
}

function inOrderOf(files: readonly string[], places: readonly string[]): readonly string[] {
  const lineOf = (place: string): number => Number(/:(\d+) /.exec(place)?.[1]);
  const fileOf = (place: string): number => files.findIndex((file) => place.startsWith(`${file}:`));
  return places.toSorted((a, b) => fileOf(a) - fileOf(b) || lineOf(a) - lineOf(b));
}

type Safety = "safe" | "unsafe";

function pairsOf(
  blocks: readonly { readonly line: number; readonly sources: Sources }[],
  safety: Safety,
): readonly (readonly [number, Sources, Sources, Safety])[] {
  expect(blocks.length % 2, "blocks come in pairs: before and after").toBe(0);
  return blocks.flatMap(({ line, sources }, at) => {
    const after = blocks[at + 1];
    return at % 2 === 0 && after !== undefined ? [[line, sources, after.sources, safety] as const] : [];
  });
}

async function fixed(before: Sources, code: string, safety: Safety): Promise<Sources> {
  const read = (sources: Sources, changes: ReadonlyMap<string, Uint8Array>): Sources =>
    Object.fromEntries(
      Object.entries(sources).map(([file, text]) => {
        const bytes = changes.get(file);
        return [file, bytes === undefined ? text : decodeSource(bytes).text];
      }),
    );
  const { files } = await fixFindings({
    safety,
    sourceOf: (file) => decodeSource(new TextEncoder().encode(before[file])),
    findingsOf: async (changes) =>
      (await scanSources(read(before, changes))).findings.filter((each) => each.code === code),
  });
  return read(before, new Map(files.map(({ file, bytes }) => [file, bytes])));
}
