// `deadweight gc`: what is asked of the use case, and what the shell gets.

import { expect, it } from "vitest";
import { collectionsOfPreloaded } from "../report/example-collections.ts";
import { failing, run } from "./fake-world.ts";

it("half a minute of the process, without touching it", async () => {
  const { code, calls, stdout } = await run(["gc", "4711"]);
  expect(calls).toEqual([{ action: "watchCollections", given: [{ pid: 4711, forSeconds: 30, force: false }] }]);
  expect([code, stdout()]).toEqual([0, expect.stringContaining("Call gc.freeze()")]);
});

it("as long as it is told, and a collection where one is asked for", async () => {
  const { calls, stdout } = await run(["gc", "4711", "--for", "2s", "--collect", "--json"]);
  expect(calls[0]?.given).toEqual([{ pid: 4711, forSeconds: 2, force: true }]);
  expect(JSON.parse(stdout())).toEqual(collectionsOfPreloaded);
});

it("2 when there is no probe, or no process is named", async () => {
  expect((await run(["gc", "4711"], { actions: { watchCollections: failing } })).code).toBe(2);
  expect((await run(["gc"])).code).toBe(2);
});
