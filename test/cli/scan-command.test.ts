// What `deadweight scan` asks of the use case, and how it ends.

import { describe, expect, it } from "vitest";
import { fail, ok } from "../../src/base/result.ts";
import type { ScanAnswer } from "../../src/cli/actions.ts";
import { scanText } from "../../src/report/scan-text.ts";
import { ANSWER, CONTEXT, scanOfNothing, scanOfShop } from "../report/example-scans.ts";
import { type FakeOptions, run } from "./fake-world.ts";

const answering = (answer: Partial<ScanAnswer>): FakeOptions => ({
  actions: { scan: async () => ok({ ...ANSWER, ...answer }) },
});

describe("scan", () => {
  it("scans the folder here, with a cache, and changes nothing", async () => {
    const { code, calls, stdout } = await run(["scan"]);
    expect(code).toBe(1);
    expect(calls[0]?.given).toMatchObject([
      { paths: ["."], fix: "none", isDiff: false, baselineAction: "apply", cache: { folder: null }, confidence: null },
    ]);
    expect(stdout()).toBe(scanText(scanOfShop, { width: 80, colours: false }, CONTEXT));
  });
  it.each([
    [["--fix"], { fix: "safe", isDiff: false }],
    [["--fix", "--unsafe-fixes"], { fix: "unsafe", isDiff: false }],
    [["--diff"], { fix: "safe", isDiff: true }],
    [["--unsafe-fixes"], { fix: "none" }],
    [["--no-cache"], { cache: null }],
    [["--cache-dir", "c"], { cache: { folder: "c" } }],
    [["--baseline", "b.json", "--prune-baseline"], { baseline: "b.json", baselineAction: "prune" }],
    [["-", "--stdin-filename", "a.py"], { paths: ["-"], stdinName: "a.py" }],
    [["--confidence", "certain"], { confidence: "certain" }],
  ])("%j", async (argv, asked) => {
    const { calls } = await run(["scan", ...argv]);
    expect(calls[0]?.given).toMatchObject([asked]);
  });
  it.each([
    [[], scanOfNothing, false, 0],
    [["--exit-zero"], scanOfShop, false, 0],
    [["--baseline", "b", "--write-baseline"], scanOfShop, false, 0],
    [[], scanOfNothing, true, 70],
  ])("%j ends as it should", async (argv, report, hasFailedRule, code) => {
    expect((await run(["scan", ...argv], answering({ report, hasFailedRule }))).code).toBe(code);
  });
  it("ends with 2 when it could not be done, with the sentence on stderr", async () => {
    const failing = { actions: { scan: async () => fail({ code: "scan", message: "no such folder" }) } };
    const { code, stdout, stderr } = await run(["scan", "gone"], failing);
    expect([code, stdout(), stderr()]).toEqual([2, "", "deadweight: no such folder\n"]);
  });
  it("ends with 2 when a part could not be done, after the report", async () => {
    const { code, stdout } = await run(["scan", "a.py", "gone"], answering({ isIncomplete: true }));
    expect([code, stdout()]).toEqual([2, expect.stringContaining("DW101")]);
  });
  it("writes the report into a file", async () => {
    const { calls, stdout } = await run(["scan", "--format", "json", "-o", "report.json"]);
    expect(stdout()).toBe("");
    expect(calls[1]).toMatchObject({ action: "writeReport", given: ["report.json", expect.stringMatching(/^\{/)] });
  });
  it("says notices on stderr, so that reports stay what they are", async () => {
    const { stdout, stderr } = await run(["scan", "--json"], answering({ notices: ["Fixed 1 in 1 files."] }));
    expect(JSON.parse(stdout())).toEqual(scanOfShop);
    expect(stderr()).toBe("deadweight: Fixed 1 in 1 files.\n");
  });
  it("says that unsafe fixes alone change nothing", async () => {
    expect((await run(["scan", "--unsafe-fixes"])).stderr()).toBe(
      "deadweight: --unsafe-fixes changed nothing: it goes with --fix, or with --diff to see them.\n",
    );
    expect((await run(["scan", "--unsafe-fixes", "--diff"])).stderr()).toBe("");
  });
  it("shows a difference instead of the report", async () => {
    expect((await run(["scan", "--diff"], answering({ diff: "--- a/x\n" }))).stdout()).toBe("--- a/x\n");
  });
  it("explains a rule by its code or name", async () => {
    for (const name of ["DW101", "dw101", "unbounded-cache"])
      expect((await run(["scan", "--explain", name])).stdout()).toBe("# DW101 unbounded-cache\n");
    const { code, stderr } = await run(["scan", "--explain", "DW999"]);
    expect([code, stderr()]).toEqual([2, expect.stringContaining("there is no rule 'DW999'")]);
  });
  it("lists rules", async () => {
    expect((await run(["scan", "--list-rules"])).stdout()).toContain("DW102 cache-on-method (L4)");
    expect(JSON.parse((await run(["scan", "--list-rules", "--json"])).stdout())).toMatchObject({
      schema: "deadweight/rules@1",
    });
  });
});

it("lsp serves until the editor says goodbye", async () => {
  const { code, calls } = await run(["lsp"]);
  expect([code, calls]).toEqual([0, [{ action: "serveEditor", given: ["1.2.3"] }]]);
});
