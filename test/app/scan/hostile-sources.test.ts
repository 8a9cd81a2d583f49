// Sources that nobody would write, but a generator, a broken disk or an enemy might: every scan ends, and says what it
// could not read.

import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALL_RULES } from "../../../src/rules/all-rules.ts";
import type { FileScan, ScanJob } from "../../../src/workers/scan-jobs.ts";
import { openScanTools, scanBytes } from "../../../src/workers/scan-share.ts";
import { scanSources } from "../../support/scan-sources.ts";

const JOB: ScanJob = {
  path: "a.py",
  absolute: "/a.py",
  language: "python",
  module: "a",
  isPackage: false,
  isTest: false,
  bytes: null,
  knownHash: null,
};

async function scan(text: string | Uint8Array, job: Partial<ScanJob> = {}): Promise<FileScan> {
  const whole = { ...JOB, ...job };
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const result = scanBytes(whole, bytes, await openScanTools(ALL_RULES, [whole]));
  expect(result.problems.filter((each) => each.message.includes("bug in deadweight"))).toEqual([]);
  return result;
}

describe("depth", () => {
  it.each([
    ["brackets", `x = ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`],
    ["attributes", `x = a${".b".repeat(10_000)}\n`],
    ["calls", `x = a${"()".repeat(10_000)}\n`],
    ["sums", `x = 1${" + 1".repeat(10_000)}\n`],
    ["blocks", Array.from({ length: 90 }, (_, at) => `${" ".repeat(at)}if x:\n`).join("")],
    ["branches", `if x: pass\n${"elif x: pass\n".repeat(10_000)}`],
    ["functions", Array.from({ length: 90 }, (_, at) => `${" ".repeat(at)}def f():\n`).join("")],
    ["unary signs", `x = ${"-".repeat(10_000)}1\n`],
    ["lambdas", `x = ${"lambda: ".repeat(10_000)}1\n`],
  ])("of %s", async (_, text) => {
    expect((await scan(text)).lines).toBeGreaterThan(0);
  });
});

describe("size", () => {
  it("of a table of 5 MB", async () => {
    const text = `TABLE = {\n${Array.from({ length: 200_000 }, (_, at) => `    "key${at}": ${at * 7919},\n`).join("")}}\n`;
    expect((await scan(text)).lines).toBe(200_002);
  }, 60_000);
  it("of one line of 1 MB", async () => {
    expect((await scan(`x = "${"a".repeat(1 << 20)}"  # dw: ignore[DW101]\n`)).suppressions).toHaveLength(1);
  });
});

describe("any bytes", () => {
  const seeds = ["src/rules/rule.ts", "docs/rules/DW101-unbounded-cache.md"].map((file) =>
    readFileSync(join(import.meta.dirname, "../../..", file)),
  );
  it.each(["a.py", "a.pyi", "a.ipynb", "a.c", "a.pyx"])("as %s", async (path) => {
    const language = ({ ipynb: "notebook", c: "c", pyx: "cython" } as const)[path.slice(2)] ?? "python";
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        async (bytes) => void (await scan(bytes, { path, language })),
      ),
      { numRuns: 100 },
    );
    for (const seed of seeds) await scan(seed, { path, language });
  });
  it("changed at random in sources that are right", async () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/rules/DW101-unbounded-cache.md"), "utf8");
    const source = Array.from(page.matchAll(/```python\n([^`]*)```/g), (match) => match[1]).join("\n");
    const change = fc.tuple(
      fc.nat(source.length),
      fc.nat(4),
      fc.constantFrom("(", ")", '"', "'''", "\n", "\\", ":", " "),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const text = changes.reduce(
          (sofar, [at, cut, put]) => sofar.slice(0, at) + put + sofar.slice(at + cut),
          source,
        );
        const { problems } = await scanSources({ "a.py": text });
        expect(problems.filter((each) => each.message.includes("bug in deadweight"))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
