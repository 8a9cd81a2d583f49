// `attach`, `detach`, `trace` and `lines PID`: what the command line becomes, and what the shell gets.

import { expect, it } from "vitest";
import { ok } from "../../src/base/result.ts";
import { traceOfShop } from "../report/example-attaches.ts";
import { failing, run } from "./fake-world.ts";

const ATTACH = { pid: 4711, waitSeconds: 10, gdb: false };
const TRACE = { ...ATTACH, forSeconds: 10, frames: 1, budget: 200_000, limit: 20, join: false, holder: null };

it("attach and detach hand on what they are given", async () => {
  const attached = await run(["attach", "4711", "--wait", "60", "--gdb", "--for", "5m", "--every", "0.01"]);
  const asked = { ...ATTACH, waitSeconds: 60, gdb: true, forSeconds: 300, everySeconds: 0.1 };
  expect([attached.code, attached.calls]).toEqual([0, [{ action: "attach", given: [asked] }]]);
  const detached = await run(["detach", "4711"]);
  expect([detached.code, detached.calls]).toEqual([0, [{ action: "detach", given: [ATTACH] }]]);
  expect(detached.stdout()).toContain("has no probe any more");
});

it("what happens meanwhile goes to stderr, failures too, with exit code 2", async () => {
  const attached = await run(["attach", "4711"], {
    actions: { attach: async (asked) => (asked.say("armed"), await failing()) },
  });
  expect([attached.code, attached.stderr().split("\n")[0]]).toEqual([2, "deadweight: armed"]);
  expect((await run(["detach", "1"], { actions: { detach: failing } })).code).toBe(2);
  expect((await run(["trace", "1"], { actions: { trace: failing } })).code).toBe(2);
  expect((await run(["lines", "1", "-f", "x"], { actions: { processLines: failing } })).code).toBe(2);
});

it("trace: one frame, eight for a graph, what was asked otherwise", async () => {
  expect((await run(["trace", "4711"])).calls).toEqual([{ action: "trace", given: [TRACE] }]);
  const graph = await run(["trace", "4711", "-o", "shop.json", "--for", "30s", "--join"]);
  expect(graph.calls[0]).toEqual({ action: "trace", given: [{ ...TRACE, frames: 8, forSeconds: 30, join: true }] });
  expect(graph.calls[1]).toMatchObject({
    action: "writeReport",
    given: ["shop.json", expect.stringContaining("speedscope")],
  });
  const folded = await run(["trace", "4711", "-o", "shop.folded", "--frames", "500"]);
  expect(folded.calls[0]).toMatchObject({ given: [{ frames: 64 }] });
  expect(folded.calls[1]).toMatchObject({ given: ["shop.folded", "a.py:3 64\n".replace("a.py", "srv/a.py")] });
});

it("trace: a page of a graph, and the report is a document", async () => {
  const page = await run(["trace", "4711", "-o", "shop.html"]);
  expect(page.calls[1]).toMatchObject({ given: ["shop.html", expect.stringContaining("<!doctype html>")] });
  const json = await run(["trace", "4711", "--json"], {
    actions: { trace: async () => ok({ report: traceOfShop, stacks: [] }) },
  });
  expect(JSON.parse(json.stdout())).toEqual(traceOfShop);
});

it("lines: a number that is no file is a process, and functions have to be named", async () => {
  const lines = await run(["lines", "4711", "-f", "shop:load", "--for", "30s"]);
  const asked = { ...ATTACH, functions: ["shop:load"], modules: [], forSeconds: 30 };
  expect([lines.code, lines.calls]).toEqual([0, [{ action: "processLines", given: [asked] }]]);
  const unnamed = await run(["lines", "4711"]);
  expect([unnamed.code, unnamed.stderr()]).toEqual([2, expect.stringContaining("-f MODULE:FUNCTION")]);
  expect((await run(["lines", "4711"], { existing: ["4711"] })).calls).toMatchObject([{ action: "lines" }]);
});
