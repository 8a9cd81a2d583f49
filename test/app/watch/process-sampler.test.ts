// pymalloc's arenas as the process itself counts them: when the table has moved, when most blocks are free, when there are none.

import { describe, expect, it } from "vitest";
import { identifyProcess } from "../../../src/app/identify-target.ts";
import { createSampler, type Sampler } from "../../../src/app/watch/process-sampler.ts";
import { createMemoryReader } from "../../../src/capture/outside-reader.ts";
import { readRunState } from "../../../src/capture/process-signals/run-state.ts";
import { openProcFs } from "../../../src/capture/proc-fs.ts";
import type { AllocatorSample } from "../../../src/model/sample.ts";
import { startProcess } from "../../capture/start-target.ts";
import { describeInterpreter, readableInterpreters } from "../../support/interpreters.ts";
import { type ContainerProgram, startContainers } from "./container-program.ts";

const interpreters = readableInterpreters();
/** What the program compiles and reads between our look and its own. */
const MEANWHILE_BYTES = 100_000;

describe.each(interpreters.map((python) => [describeInterpreter(python), python.path] as const))("%s", (_, python) => {
  it("counts arenas and what is free in them, from few to many and back", async () => {
    await using program = await startContainers(python);
    await program.ask("run import re, tempfile");
    using watched = sampling(program.pid);
    await expectTrue(program, watched.sampler, 0);
    // More than 16 arenas: the table was allocated anew, somewhere else.
    await program.ask("run globals()['kept'] = [object() for _ in range(1500000)]");
    const full = await expectTrue(program, watched.sampler, 10_000);
    await program.ask("run globals()['kept'] = globals()['kept'][::1000]");
    const sparse = await expectTrue(program, watched.sampler, 20_000);
    expect(sparse.usedBytes).toBeLessThan(full.usedBytes / 3);
    expect(sparse.freeBytes).toBeGreaterThan(full.usedBytes / 2);
  }, 60_000);
});

it("has nothing to say of a program without pymalloc", async () => {
  await using program = await startProcess(
    interpreters.at(-1)!.path,
    ["-c", "import time; print('ready', flush=True); time.sleep(600)"],
    { ...process.env, PYTHONMALLOC: "malloc" },
  );
  using watched = sampling(program.pid);
  const sampled = watched.sampler.sample(0, null);
  expect(sampled).toMatchObject({ sample: { allocator: null, load: null, collector: { isEnabled: true } } });
});

interface Sampling extends Disposable {
  readonly sampler: Sampler;
}

function sampling(pid: number): Sampling {
  const proc = openProcFs();
  const known = identifyProcess(pid);
  const opened = proc.open(`${pid}/mem`);
  const state = readRunState(proc, pid);
  if (!known.ok || !opened.ok || state === null) throw new Error("the program is gone");
  const file = opened.value;
  const sampler = createSampler({
    proc,
    root: openProcFs("/"),
    pid,
    startTimeTicks: state.startTimeTicks,
    memory: createMemoryReader(file),
    known: known.value,
    rareGapMs: 5000,
  });
  return { sampler, [Symbol.dispose]: () => file[Symbol.dispose]() };
}

/** `atMs` is far enough from the last for the allocator to be looked at again. */
async function expectTrue(program: ContainerProgram, sampler: Sampler, atMs: number): Promise<AllocatorSample> {
  const seen = sampler.sample(atMs, null)!.sample.allocator!;
  const said = await program.ask(`run ${STATISTICS}`);
  expect(seen.arenaBytes).toBe(said["arenas"]);
  // Large heaps are sampled: pools of one kind of object are alike, so that a few percent would be much.
  const tolerance = seen.isEstimate ? said["used"]! * 0.03 : 0;
  expect(Math.abs(seen.usedBytes - said["used"]!)).toBeLessThan(MEANWHILE_BYTES + tolerance);
  return seen;
}

const STATISTICS = [
  "f = tempfile.TemporaryFile(); k = os.dup(2); os.dup2(f.fileno(), 2); sys._debugmallocstats(); os.dup2(k, 2); os.close(k); f.seek(0)",
  "t = f.read().decode().replace(',', '')",
  "result = {'arenas': int(re.search(r'bytes/arena *= *(\\d+)', t)[1]), 'used': int(re.search(r'bytes in allocated blocks *= *(\\d+)', t)[1])}",
].join("; ");
