import { describe, expect, it } from "vitest";
import { ProgressLine, progressText } from "../../src/cli/progress-line.ts";
import { type FakeOptions, fakeWorld, type FakeWorld } from "./fake-world.ts";

const COPYING = { phase: "copying memory", unit: "bytes" } as const;
const ERASE = "\r\u001b[K";
const MIB = 1024 * 1024;

function timed(options: FakeOptions = { terminal: 80 }): FakeWorld & { readonly at: (ms: number) => void } {
  let now = 0;
  const at = (ms: number): void => {
    now = ms;
  };
  return { ...fakeWorld({ ...options, nowMs: () => now }), at };
}

describe("the progress line", () => {
  it("says nothing in the first second", () => {
    const { world, at, stderr } = timed();
    const line = new ProgressLine(world);
    for (const ms of [0, 500, 999]) {
      at(ms);
      line.show({ ...COPYING, done: ms, total: 1000 });
    }
    line[Symbol.dispose]();
    expect(stderr()).toBe("");
  });

  it("is drawn after a second, at most ten times a second, and is gone at the end", () => {
    const { world, at, stderr, stdout } = timed();
    {
      using line = new ProgressLine(world);
      for (let ms = 0; ms <= 1200; ms += 10) {
        at(ms);
        line.show({ ...COPYING, done: ms * MIB, total: 2000 * MIB });
      }
    }
    const drawn = stderr().split(ERASE);
    expect(drawn).toEqual([
      "",
      "copying memory  1000 MiB of 2.0 GiB (50.0 %)  1000 MiB/s",
      "copying memory  1.1 GiB of 2.0 GiB (55.0 %)  1000 MiB/s",
      "copying memory  1.2 GiB of 2.0 GiB (60.0 %)  1000 MiB/s",
      "",
    ]);
    expect(stdout()).toBe("");
  });

  it("is never drawn where there is no terminal", () => {
    const { world, at, stderr } = timed({});
    using line = new ProgressLine(world);
    at(5000);
    line.show({ ...COPYING, done: 1, total: 2 });
    expect(stderr()).toBe("");
  });

  it("is erased when a signal ends the program", () => {
    const { world, at, stderr, interruptions } = timed();
    const line = new ProgressLine(world);
    at(5000);
    line.show({ ...COPYING, done: 1, total: 2 });
    interruptions.cleanUp();
    expect(stderr().endsWith(ERASE)).toBe(true);
    line[Symbol.dispose]();
    expect(stderr().split(ERASE)).toHaveLength(3);
  });

  it("never wraps", () => {
    const { world, at, stderr } = timed({ terminal: 30 });
    using line = new ProgressLine(world);
    at(5000);
    line.show({ phase: "finding retained sizes of everything", done: 1, total: null, unit: "objects" });
    expect(stderr().replace(ERASE, "").length).toBe(29);
  });
});

describe("its text", () => {
  it.each([
    [
      { phase: "walking", done: 1_200_000, total: null, unit: "objects" } as const,
      "walking  1,200,000 objects  600,000 per second",
    ],
    [{ phase: "dominators", done: 2, total: 4, unit: "steps" } as const, "dominators  2 of 4 (50.0 %) steps"],
    [{ phase: "copying \u001b[2J", done: 0, total: 0, unit: "bytes" } as const, "copying \\x1b[2J  0 B  0 B/s"],
  ])("%j", (step, text) => expect(progressText(step, step.done, 2000)).toBe(text));
});
