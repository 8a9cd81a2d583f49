// What `export` asks of the use cases, and how it ends.

import { describe, expect, it } from "vitest";
import { fail } from "../../src/base/result.ts";
import { run } from "./fake-world.ts";

const READING = { maxPauseMs: 5000, values: false };
const ASKED = { around: null, table: "holders", limit: null };

describe("export", () => {
  it("writes a file that is named after the source", async () => {
    const { code, calls, stdout } = await run(["export", "/tmp/before.dwsnap", "--format", "heapsnapshot"]);
    expect(code).toBe(0);
    expect(calls).toMatchObject([
      {
        action: "exportHeap",
        given: [
          {
            ...ASKED,
            source: "/tmp/before.dwsnap",
            format: "heapsnapshot",
            target: { kind: "file", path: "before.heapsnapshot" },
          },
          READING,
        ],
      },
    ]);
    expect(stdout()).toContain("Opens in Chrome DevTools");
  });

  it("names a process by its number", async () => {
    const { calls } = await run(["export", "4711", "-f", "pprof"]);
    expect(calls).toMatchObject([{ given: [{ target: { kind: "file", path: "deadweight-4711.pb.gz" } }, READING] }]);
  });

  it("writes nothing but the export to standard output", async () => {
    const { code, calls, stdout } = await run(["export", "a.dwsnap", "-f", "collapsed", "-o", "-"]);
    expect([code, stdout()]).toEqual([0, ""]);
    expect(calls).toMatchObject([{ given: [{ target: { kind: "output" } }, READING] }]);
  });

  it("asks for a format", async () => {
    const { code, calls, stderr } = await run(["export", "a.dwsnap"]);
    expect([code, calls]).toEqual([2, []]);
    expect(stderr()).toContain("--format heapsnapshot|pprof|");
  });

  it("does not overwrite a file unless told to", async () => {
    const words = ["export", "a.dwsnap", "-f", "dot", "-o", "there.dot"];
    const refused = await run(words, { existing: ["there.dot"] });
    expect([refused.code, refused.calls]).toEqual([2, []]);
    expect(refused.stderr()).toContain("there.dot exists already");
    expect((await run([...words, "--force"], { existing: ["there.dot"] })).code).toBe(0);
  });

  it("says why it could not", async () => {
    const problem = { code: "selector", message: "Nothing is called app.X in this snapshot." };
    const actions = { exportHeap: async () => fail(problem) };
    const { code, stderr } = await run(["export", "a.dwsnap", "-f", "dot", "--around", "app.X"], { actions });
    expect([code, stderr()]).toEqual([2, "deadweight: Nothing is called app.X in this snapshot.\n"]);
  });
});
