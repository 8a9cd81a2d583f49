// `deadweight run`: what is asked of the use case, and what the shell gets.

import { expect, it } from "vitest";
import { ok } from "../../src/base/result.ts";
import { runOfNothing } from "../report/example-runs.ts";
import { failing, run } from "./fake-world.ts";

it("the words after -- are the program's, options and all", async () => {
  const { code, calls, stdout } = await run([
    "run",
    "--every",
    "2s",
    "--",
    "python",
    "app.py",
    "--json",
    "--every",
    "9",
  ]);
  expect(calls).toEqual([
    { action: "runProgram", given: [{ words: ["python", "app.py", "--json", "--every", "9"], everySeconds: 2 }] },
  ]);
  expect([code, stdout().startsWith("The program ended with exit code 0")]).toEqual([0, true]);
});

it("what happens meanwhile goes to stderr", async () => {
  const { stdout, stderr } = await run(["run", "--json", "--", "python"], {
    actions: {
      runProgram: async ({ say }) => {
        say("process 4711 is connected");
        return ok(runOfNothing);
      },
    },
  });
  expect(stderr()).toBe("deadweight: process 4711 is connected\n");
  expect(JSON.parse(stdout())).toEqual(runOfNothing);
});

it("1 when the program failed, 2 when it could not be started or none is given", async () => {
  const { code } = await run(["run", "--", "x"], { actions: { runProgram: async () => ok(runOfNothing) } });
  expect(code).toBe(1);
  expect((await run(["run", "--", "x"], { actions: { runProgram: failing } })).code).toBe(2);
  const nothing = await run(["run"]);
  expect([nothing.code, nothing.stderr()]).toEqual([2, "deadweight: which program? Give it after --\n"]);
});
