// What `caches` asks of the use case, and how it ends.

import { describe, expect, it } from "vitest";
import { ok } from "../../src/base/result.ts";
import { brokenHistory, guardedClear, partialClear } from "../report/example-cache-commands.ts";
import { failing, NO_SUCH_PROCESS, run } from "./fake-world.ts";

const ASKED = { forSeconds: 5, isAlone: false, maxPauseMs: 5000 };

describe("caches", () => {
  it("reads a process and its fellow workers", async () => {
    const { code, calls, stdout } = await run(["caches", "4711"]);
    expect([code, calls]).toEqual([0, [{ action: "listCaches", given: [{ source: "4711", ...ASKED }] }]]);
    expect(stdout()).toContain("shop.pricing.price_for");
    expect(stdout()).toContain("deadweight caches show 4711 shop.pricing.price_for");
  });
  it("hides the interpreter's own, unless asked", async () => {
    expect((await run(["caches", "4711"])).stdout()).not.toContain("typing._SpecialForm");
    expect((await run(["caches", "4711", "--all"])).stdout()).toContain("typing._SpecialForm");
  });
  it("takes a pattern, a window, and one process alone", async () => {
    const { calls } = await run(["caches", "--match", "gunicorn.*shop", "--for", "1m", "--alone"]);
    expect(calls[0]?.given).toEqual([{ ...ASKED, source: /gunicorn.*shop/u, forSeconds: 60, isAlone: true }]);
  });
  it("does not wait when it is told not to", async () => {
    const { calls } = await run(["caches", "a.dwsnap", "--no-wait"]);
    expect(calls[0]?.given).toEqual([{ ...ASKED, source: "a.dwsnap", forSeconds: 0 }]);
  });
  it.each([
    [["caches"], "say which process"],
    [["caches", "1", "--match", "x"], "not both"],
    [["caches", "--match", "("], "--match needs a regular expression"],
  ])("says what is wrong with %j", async (words, sentence) => {
    const { code, stderr } = await run(words);
    expect([code, stderr()]).toEqual([2, expect.stringContaining(sentence)]);
  });
  it("prints one document with --json", async () => {
    const { stdout } = await run(["caches", "4711", "--json"]);
    expect(JSON.parse(stdout())).toMatchObject({
      schema: "deadweight/caches@1",
      processes: [{ pid: 4711 }, { pid: 4712 }],
    });
  });
  it("ends with 2 when there is no such process", async () => {
    const { code, stderr } = await run(["caches", "4711"], { actions: { listCaches: failing } });
    expect([code, stderr()]).toEqual([2, expect.stringContaining(NO_SUCH_PROCESS.message)]);
  });
});

describe("caches show", () => {
  it("finds a cache by the end of its name", async () => {
    const { code, stdout } = await run(["caches", "show", "4711", "price_for"]);
    expect(code).toBe(0);
    expect(stdout()).toContain("Workers");
    expect(stdout()).not.toContain("CLIENTS");
  });
  it("suggests the nearest name", async () => {
    const { code, stderr } = await run(["caches", "show", "4711", "price_fro"]);
    expect([code, stderr()]).toEqual([2, expect.stringContaining("did you mean 'price_for'?")]);
  });
  it("has help of its own", async () => {
    expect((await run(["help", "caches", "show"])).stdout()).toContain("deadweight caches show SOURCE NAME");
    expect((await run(["caches", "show", "--help"])).stdout()).toContain("NAME");
  });
});

describe("caches advise", () => {
  const asked = { name: null, forSeconds: 30, loadMs: null, isAlone: false, maxPauseMs: 5000 };
  it("follows all caches of a process, or one for longer, with the time of a load", async () => {
    expect((await run(["caches", "advise", "4711"])).calls[0]).toEqual({
      action: "adviseCaches",
      given: [{ ...asked, source: "4711" }],
    });
    const { calls, stdout } = await run(["caches", "advise", "4711", "quote", "--for", "5m", "--load-time", "40ms"]);
    expect(calls[0]?.given).toEqual([{ ...asked, source: "4711", name: "quote", forSeconds: 300, loadMs: 40 }]);
    expect(stdout()).toContain("2,435 entries");
  });
  it("takes a pattern, and then a name alone", async () => {
    const { calls } = await run(["caches", "advise", "quote", "--match", "gunicorn"]);
    expect(calls[0]?.given).toEqual([{ ...asked, source: /gunicorn/u, name: "quote" }]);
  });
  it("prints one document with --json, and says what is wrong", async () => {
    const { stdout } = await run(["caches", "advise", "4711", "--json"]);
    expect(JSON.parse(stdout())).toMatchObject({ schema: "deadweight/cache-advice@1", pids: [4711, 4712] });
    const { code, stderr } = await run(["caches", "advise"]);
    expect([code, stderr()]).toEqual([2, expect.stringContaining("say which process")]);
  });
});

describe("caches clear", () => {
  it("asks for the whole of it, with the reason", async () => {
    const { code, calls, stdout } = await run([
      "caches",
      "clear",
      "ns:prices",
      "--app",
      "shop",
      "--reason",
      "new list",
    ]);
    const given = { app: "shop", selector: "ns:prices", reason: "new list", share: 1, isDryRun: false, canary: null };
    expect([code, calls]).toEqual([0, [{ action: "clearCaches", given: [given] }]]);
    expect(stdout()).toContain("deadweight caches undo 1f0a3c2e --app shop");
  });
  it.each([
    ["5%", 0.05],
    ["0.5", 0.5],
    ["100%", 1],
  ])("begins with %s of the keys", async (word, share) => {
    const { calls } = await run(["caches", "clear", "ns:a", "--app", "shop", "--reason", "x", "--canary", word]);
    expect(calls[0]?.given).toMatchObject([{ share }]);
  });
  it("needs no reason for a dry run, and prints the bill", async () => {
    const { stdout } = await run(["caches", "clear", "ns:a", "--app", "shop", "--dry-run"]);
    expect(stdout()).toMatch(/Dry run[\s\S]*The bill/);
  });
  it("is watched with --guard, and ends with 1 when it was taken back", async () => {
    const words = ["caches", "clear", "ns:a", "--app", "shop", "--reason", "x", "--canary", "5%"];
    const { calls } = await run([...words, "--guard", "hits>=80%,load<=200ms", "--watch", "1m"]);
    const guard = { hits: 0.8, loadMs: 200, errors: null };
    expect(calls[0]?.given).toMatchObject([{ canary: { guard, watchSeconds: 60 } }]);
    const actions = { clearCaches: async () => ok(guardedClear) };
    expect((await run([...words, "--guard", "hits>=80%"], { actions })).code).toBe(1);
  });
  it.each([
    [["ns:a", "--reason", "x"], "say which application"],
    [["ns:a", "--app", "shop"], "say why"],
    [["ns:a", "--app", "../x", "--reason", "x"], "is the name of an application"],
    [["ns:a", "--app", "shop", "--reason", "x", "--canary", "150%"], "--canary is a part"],
    [["ns:a", "--app", "shop", "--reason", "x", "--guard", "fast"], "--guard is a list"],
  ])("says what is wrong with %j", async (words, sentence) => {
    const { code, stderr, calls } = await run(["caches", "clear", ...words]);
    expect([code, calls, stderr()]).toEqual([2, [], expect.stringContaining(sentence)]);
  });
  it("ends with 1 when somebody is missing", async () => {
    const actions = { clearCaches: async () => ok(partialClear) };
    expect((await run(["caches", "clear", "ns:a", "--app", "shop", "--reason", "x"], { actions })).code).toBe(1);
  });
});

describe("caches clear --pid", () => {
  it("clears a function of a program nobody prepared", async () => {
    const { code, calls } = await run(["caches", "clear", "shop.quote", "--pid", "4711", "--reason", "new list"]);
    const given = {
      target: 4711,
      name: "shop.quote",
      reason: "new list",
      app: "unnamed",
      waitSeconds: 30,
      isDryRun: false,
    };
    expect([code, calls]).toEqual([0, [{ action: "clearFunction", given: [given] }]]);
  });
  it.each([
    [["--pid", "1", "--match", "x", "--reason", "x"], "not both"],
    [["--match", "(", "--reason", "x"], "regular expression"],
    [["--pid", "1", "--canary", "5%", "--reason", "x"], "cleared as a whole"],
    [["--pid", "1"], "say why"],
  ])("says what is wrong with %j", async (words, sentence) => {
    const { code, stderr, calls } = await run(["caches", "clear", "shop.quote", ...words]);
    expect([code, calls, stderr()]).toEqual([2, [], expect.stringContaining(sentence)]);
  });
});

describe("caches undo and history", () => {
  it("take back the last, or one by name", async () => {
    const { calls } = await run(["caches", "undo", "--app", "shop", "--reason", "x"]);
    expect(calls[0]).toEqual({ action: "undoClear", given: [{ app: "shop", op: null, reason: "x" }] });
  });
  it("show what was done, and end with 1 when the log cannot be trusted", async () => {
    const shown = (await run(["caches", "history", "--app", "shop"])).stdout().replaceAll(/\s+/g, " ");
    expect(shown).toContain("list [1f0a3c2e] Hits 98.1 % before, 80.0 % after.");
    const actions = { cacheHistory: async () => ok(brokenHistory) };
    const { code, stdout } = await run(["caches", "history", "--app", "shop"], { actions });
    expect([code, stdout()]).toEqual([1, expect.stringContaining("Not to be trusted")]);
  });
});
