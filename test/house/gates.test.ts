// Every gate of `npm run check` is shown a project it must refuse, and one with nothing in it.

import { describe, expect, test } from "vitest";

import { judge } from "../../tools/gate.ts";
import { GATES } from "../../tools/gates.ts";
import { project } from "./project.ts";

interface Refusal {
  readonly gate: string;
  readonly because: string;
  readonly files: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const sleepLater = "export async function later(): Promise<void> {}\n";

const REFUSALS: readonly Refusal[] = [
  {
    gate: "types",
    because: "a string is no number",
    files: { "src/base/size.ts": 'export const bytes: number = "many";\n' },
    says: /TS2322/,
  },
  {
    gate: "types",
    because: "an array read may be undefined",
    files: { "src/base/first.ts": "export const first = (rows: number[]): number => rows[0];\n" },
    says: /TS2322/,
  },
  {
    gate: "lint",
    because: "a promise floats",
    files: { "src/app/run.ts": `${sleepLater}export function run(): void {\n  later();\n}\n` },
    says: /no-floating-promises/,
  },
  {
    gate: "lint",
    because: "a switch over a union forgets a case",
    files: {
      "src/base/side.ts":
        'export function turn(side: "left" | "right"): void {\n  switch (side) {\n    case "left":\n      break;\n  }\n}\n',
    },
    says: /switch-exhaustiveness-check/,
  },
  {
    gate: "lint",
    because: "an export is the default",
    files: { "src/base/size.ts": "const bytes = 1;\nexport default bytes;\n" },
    says: /no-default-export/,
  },
  {
    gate: "lint",
    because: "two files import each other",
    files: {
      "src/base/hen.ts": 'import { egg } from "./egg.ts";\nexport const hen: string = `from ${egg}`;\n',
      "src/base/egg.ts": 'import { hen } from "./hen.ts";\nexport const egg: string = `from ${hen}`;\n',
    },
    says: /no-cycle/,
  },
  {
    gate: "lint",
    because: "the app prints",
    files: { "src/app/run.ts": 'export function run(): void {\n  console.log("here");\n}\n' },
    says: /no-console/,
  },
  {
    gate: "lint",
    because: "`!` is used outside the kernels",
    files: { "src/app/first.ts": "export const first = (rows: number[]): number => rows[0]!;\n" },
    says: /no-non-null-assertion/,
  },
  {
    gate: "lint",
    because: "a file is longer than 400 lines",
    files: { "src/base/long.ts": "export const row: number = 1;\n".repeat(1) + "// more\n".repeat(401) },
    says: /max-lines/,
  },
  {
    gate: "lint",
    because: "a function is longer than 60 lines",
    files: { "src/base/long.ts": `export function long(): void {\n${"  void 0;\n".repeat(61)}}\n` },
    says: /max-lines-per-function/,
  },
  {
    gate: "lint",
    because: "a function branches more than 15 times",
    files: {
      "src/base/branchy.ts": `export function branchy(n: number): number {\n${Array.from({ length: 16 }, (_, i) => `  if (n === ${i}) return ${i};\n`).join("")}  return n;\n}\n`,
    },
    says: /complexity/,
  },
  {
    gate: "format",
    because: "quotes are single",
    files: { "src/base/size.ts": "export const unit = 'bytes';\n" },
    says: /src\/base\/size\.ts: not formatted/,
  },
  {
    gate: "unused",
    because: "nobody imports the export",
    files: {
      "src/cli/main.ts": 'import { used } from "../base/size.ts";\nvoid used;\n',
      "src/base/size.ts": "export const used: number = 1;\nexport const unused: number = 2;\n",
    },
    says: /size\.ts: exports: unused/,
  },
  {
    gate: "layers",
    because: "base imports app",
    files: { "src/base/size.ts": 'import { run } from "../app/run.ts";\n', "src/app/run.ts": "export {};\n" },
    says: /base may not import app/,
  },
  {
    gate: "layers",
    because: "a pure folder imports Node",
    files: { "src/graph/reach.ts": 'import { readFileSync } from "node:fs";\n' },
    says: /"graph" is pure/,
  },
  {
    gate: "layers",
    because: "the page imports more than words",
    files: { "web/app.tsx": 'import { top } from "../src/heap/top.ts";\n', "src/heap/top.ts": "export {};\n" },
    says: /web\/app\.tsx: web may not import heap/,
  },
  {
    gate: "layers",
    because: "a folder is not in the table",
    files: { "src/utils/misc.ts": 'import { x } from "../base/x.ts";\n', "src/base/x.ts": "export {};\n" },
    says: /"utils" is not in/,
  },
  {
    gate: "docs",
    because: "a link leads nowhere",
    files: { "README.md": "[design](docs/design.md)\n" },
    says: /no such file/,
  },
  {
    gate: "docs",
    because: "an anchor leads nowhere",
    files: { "README.md": "# Title\n[design](#limits)\n" },
    says: /no such heading/,
  },
  {
    gate: "docs",
    because: "an anchor in another script leads nowhere",
    files: { "README.zh-CN.md": "# 局限\n## 局限\n[a](#局限) [b](#局限-1) [c](#安全)\n" },
    says: /^README\.zh-CN\.md: link to #安全: no such heading$/m,
  },
  {
    gate: "docs",
    because: "an anchor leads to a line of code",
    files: { "docs/a.md": "```sh\n# limits\n```\n[a](#limits)\n" },
    says: /a\.md: link to #limits: no such heading/,
  },
  {
    gate: "docs",
    because: "a picture is missing, says nothing, or is too large, or nothing shows it",
    files: {
      "docs/a.md": "![a heap](images/none.png) ![](images/large.png) ![a page](images/large.png)\n",
      "docs/images/large.png": "x".repeat(80_001),
      "docs/images/unshown.png": "x",
    },
    says: /none\.png: no such file[^]*large\.png: nothing is said[^]*large\.png: 80001 bytes[^]*unshown\.png: no document shows it/,
  },
  {
    gate: "docs",
    because: "a translation leaves out a page and a command of the original",
    files: {
      "README.md": "[a](docs/a.md), `deadweight top`\n",
      "README.zh-CN.md": "# 标题\n",
      "docs/a.md": "# A\n",
      "src/cli/commands/top.ts": "",
    },
    says: /README\.zh-CN\.md: does not link docs\/a\.md, as the original does[^]*does not have the command top/,
  },
  {
    gate: "docs",
    because: "a script does not exist",
    files: { "README.md": "Run `npm run fly`.\n" },
    says: /npm script "fly" does not exist/,
  },
  {
    gate: "docs",
    because: "a command does not exist",
    files: { "README.md": "```sh\ndeadweight fly 12\n```\n", "src/cli/commands/top.ts": "" },
    says: /command "fly" does not exist/,
  },
  {
    gate: "docs",
    because: "a named file does not exist",
    files: { "README.md": "See `src/heap/nothing.ts`.\n" },
    says: /nothing\.ts: no such file/,
  },
  {
    gate: "generated",
    because: "the layer table is stale",
    files: { "ARCHITECTURE.md": "<!-- generated: layers -->\nold\n<!-- end of generated -->\n" },
    says: /stale/,
  },
  {
    gate: "rules",
    because: "a rule has no page and does not run",
    files: {
      "src/rules/DW999-odd.ts": `defineRule({
  code: "DW999",
  name: "odd",
  cause: "L1",
  summary: "It is odd.",
  twins: [],
});\n`,
      "src/rules/all-rules.ts": "export const ALL_RULES = [];\n",
      "docs/rules/README.md": "old\n",
    },
    says: /DW999-odd is missing, so it does not run\ndocs\/rules\/DW999-odd\.md: missing\ndocs\/rules\/README\.md: stale/,
  },
  {
    gate: "rules",
    because: "a rule's file is named after another rule",
    files: { "src/rules/DW998-even.ts": 'defineRule({\n  code: "DW999",\n});\n' },
    says: /DW998-even\.ts: declares no rule of that code and name/,
  },
  {
    gate: "causes",
    because: "a page is about another cause, and the others are missing",
    files: { "docs/causes/L01-odd.md": "# L2 odd\n\nIt is odd.\n" },
    says: /L01-odd\.md: does not begin with "# L1 name"[^]*docs\/causes: L18 has no page[^]*docs\/causes\/README\.md: stale/,
  },
];

async function verdictOf(name: string, root: string): Promise<readonly string[]> {
  const gate = GATES.find((candidate) => candidate.name === name);
  if (gate === undefined) throw new Error(`no gate ${name}`);
  return judge(await gate.run(root)).problems;
}

describe("a gate refuses", () => {
  test.each(REFUSALS)("$gate: $because", async ({ gate, files, says }) => {
    using bad = project(files);
    expect((await verdictOf(gate, bad.root)).join("\n")).toMatch(says);
  });

  test.each(GATES.map(({ name }) => name))("%s: a project with nothing to look at", async (name) => {
    using empty = project({ "biome.json": "" });
    expect((await verdictOf(name, empty.root)).join("\n")).toMatch(/nothing was checked/);
  });

  test("every gate is among the refusals", () => {
    expect(new Set(REFUSALS.map(({ gate }) => gate))).toEqual(new Set(GATES.map(({ name }) => name)));
  });
});

describe("a gate accepts", () => {
  const good = {
    "src/cli/main.ts": 'import { bytes } from "../base/size.ts";\n\nconsole.log(bytes);\n',
    "src/base/size.ts": "export const bytes: number = 1;\n",
    "src/graph/first.ts": "export const first = (rows: number[]): number => rows[0]!;\n",
  };

  test.each(["types", "lint", "layers"])("%s: a clean project", async (name) => {
    using clean = project(good);
    expect(await verdictOf(name, clean.root)).toEqual([]);
  });
});
