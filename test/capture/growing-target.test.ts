// A target that maps more memory each time a copy is prepared than the spare room of the first copy holds.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { captureProcess } from "../../src/capture/capture-process.ts";
import { startProcess } from "./start-target.ts";

const PROGRAM = `
import sys
kept = []
print("ready", flush=True)
for _ in sys.stdin: kept.append(b"x" * (100 << 20))
`;

const PAGES_MORE = (100 << 20) / 4096;

function residentPages(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]);
}

test("a target that keeps growing gets room to grow", async () => {
  await using target = await startProcess("python3", ["-c", PROGRAM]);
  let isPreparing = false;
  const captured = await captureProcess(target.pid, {
    maxPauseMs: 5000,
    progress: ({ phase, done, total }) => {
      // Once per preparation, and before the target is stopped.
      if (phase !== "prepare" || isPreparing) return;
      isPreparing = done !== total;
      const wanted = residentPages(target.pid) + PAGES_MORE;
      target.child.stdin?.write("more\n");
      // The write goes out at once; nothing here lets another event in.
      while (residentPages(target.pid) < wanted);
    },
    inspect: () => {
      isPreparing = false;
      return "take";
    },
  });
  if (!captured.ok) throw new Error(JSON.stringify(captured.error));
  using copy = captured.value;
  expect(copy.facts.pauses).toBeGreaterThan(1);
  expect(copy.facts.pauses).toBeLessThan(5);
});
