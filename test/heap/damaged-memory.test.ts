// A copy of a process's memory that is torn or damaged: whatever is in it, reading it ends, and ends in a heap or in a refusal.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identifyProcess } from "../../src/app/identify-target.ts";
import { captureProcess } from "../../src/capture/capture-process.ts";
import { analyse } from "../../src/heap/analyse.ts";
import { readHeap } from "../../src/heap/read-heap.ts";
import { startProcess } from "../capture/start-target.ts";
import { describeInterpreter, outsideInterpreters, type TestInterpreter } from "../support/interpreters.ts";

const PROGRAM = `
import gc, sys, threading
KEPT = [{"n": number, "text": str(number)} for number in range(3000)]
maker = threading.Thread(target=lambda: KEPT.extend([[number] for number in range(3000)]))
maker.start()
maker.join()
gc.disable()
cycle = []; cycle.append(cycle); del cycle
print("ready", flush=True)
sys.stdin.readline()
`;
const ROUNDS = 25;
const ORIGIN = {
  source: "live",
  takenAtMs: 0,
  pid: 1,
  processStartTicks: null,
  command: [],
  executable: "",
  pauseMs: 0,
  memory: { rssBytes: null, sharedBytes: null, swapBytes: null },
  warnings: [],
} as const;

/** The newest with a GIL, and those without one, whose objects are found in the structs of an allocator. */
function someInterpreters(): readonly TestInterpreter[] {
  const found = outsideInterpreters();
  return [
    ...found.filter(({ build }) => build === "plain").slice(-1),
    ...found.filter(({ build }) => build !== "plain"),
  ];
}

/** Words that are changed: where, and to what: another word of the memory, one further on, or noise. */
const damage = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    from: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    how: fc.constantFrom("another", "shifted", "noise", "nothing"),
    spread: fc.nat(40),
  }),
  { minLength: 1, maxLength: 400 },
);

describe.each(someInterpreters().map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  it("reading ends, whatever words are damaged", async () => {
    await using target = await startProcess(python.path, ["-I", "-c", PROGRAM]);
    const known = identifyProcess(target.pid);
    if (!known.ok) throw new Error(known.error.code);
    const { interpreter, layout } = known.value;
    const captured = await captureProcess(target.pid, { maxPauseMs: 5000, progress: () => {} });
    if (!captured.ok) throw new Error(captured.error.code);
    using copy = captured.value;
    const { words } = copy.image;
    const sound = words.slice();
    const taken = Array.from(sound.keys()).filter(
      (half) => half % 2 === 0 && (sound[half] !== 0 || sound[half + 1] !== 0),
    );
    const pick = (share: number): number => taken[Math.floor(share * taken.length)] ?? 0;
    fc.assert(
      fc.property(damage, (changes) => {
        words.set(sound);
        for (const { at, from, how, spread } of changes) {
          const half = pick(at);
          const other = pick(from);
          for (let i = 0; i < 1 + (how === "another" ? spread : 0); i++)
            change(words, sound, half + 2 * i, other + 2 * i, how);
        }
        const read = readHeap(copy.image, interpreter, layout, ORIGIN, { values: false, progress: () => {} });
        if (!read.ok) return expect(read.error.code).toBe("interpreter-not-initialised");
        const { garbage, retainedBytes } = analyse(read.value);
        expect(retainedBytes[read.value.refs.nodeCount]! + garbage.shallowBytes).toBe(read.value.meta.liveBytes);
      }),
      { numRuns: ROUNDS },
    );
  }, 120_000);
});

type How = "another" | "shifted" | "noise" | "nothing";

function change(words: Uint32Array, sound: Uint32Array, half: number, other: number, how: How): void {
  if (half + 1 >= words.length || other + 1 >= words.length) return;
  switch (how) {
    case "another":
      words[half] = sound[other]!;
      words[half + 1] = sound[other + 1]!;
      return;
    case "shifted":
      words[half] = (sound[half]! + 8) >>> 0;
      return;
    case "noise":
      words[half] = (sound[other]! * 2654435761) >>> 0;
      return;
    case "nothing":
      words[half] = 0;
      words[half + 1] = 0;
  }
}
