// What `query` asks of the use cases, and how it ends.

import { describe, expect, it } from "vitest";
import { fail } from "../../src/base/result.ts";
import { run } from "./fake-world.ts";

const READING = { maxPauseMs: 5000, values: false };

describe("query", () => {
  it("asks the source, and prints a table", async () => {
    const { code, calls, stdout } = await run(["query", "before.dwsnap", "dict where entries > 10k"]);
    expect([code, calls]).toEqual([
      0,
      [{ action: "query", given: ["before.dwsnap", "dict where entries > 10k", READING] }],
    ]);
    expect(stdout()).toContain("sys.modules['shop.sessions'].REGISTRY");
  });

  it("takes words without quotes for one query", async () => {
    const { calls } = await run(["query", "4711", "dict", "limit", "3"]);
    expect(calls).toEqual([{ action: "query", given: ["4711", "dict limit 3", READING] }]);
  });

  it("shows the place of an error", async () => {
    const message = "There is no field entires. Did you mean entries?\n  dict where entires > 3\n             ^^^^^^^";
    const actions = { query: async () => fail({ code: "query", message }) };
    const { code, stderr } = await run(["query", "4711", "dict where entires > 3"], { actions });
    expect([code, stderr()]).toEqual([2, `deadweight: ${message}\n`]);
  });

  it("needs a query", async () => {
    expect((await run(["query", "4711"])).code).toBe(2);
  });
});
