// A core's heap is the heap of the process that it was made of: object for object, and by the same names.

import { describe, expect, it } from "vitest";
import { queryTop } from "../../src/app/heap-queries.ts";
import { readCore, readProcess } from "../../src/app/read-target.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import { startStillTarget, writeGcore, writeKernelCore } from "../support/core-dumps.ts";
import {
  describeInterpreter,
  freeThreadedInterpreters,
  readableInterpreters,
  type TestInterpreter,
} from "../support/interpreters.ts";

const OPTIONS = { maxPauseMs: 5000, values: false, progress: (): void => {} };

/** The oldest, the newest, and those that bring a newer C library along, whose memory is in their cores; and those without a GIL. */
function someInterpreters(): readonly TestInterpreter[] {
  const found = readableInterpreters();
  const chosen = found.filter(({ minor }, at) => at === 0 || at === found.length - 1 || minor >= 14);
  return [...chosen, ...freeThreadedInterpreters()];
}

/** What must not depend on how the memory was got. */
function said(snapshot: Snapshot): unknown {
  const top = queryTop(snapshot, { limit: 1000 });
  return {
    python: snapshot.meta.python,
    threads: snapshot.threads.map(({ name }) => name),
    objects: snapshot.nodes.count,
    references: snapshot.refs.edgeTarget.length,
    exactness: snapshot.meta.exactness,
    types: top.byType,
    holders: top.byHolder,
  };
}

describe.each(someInterpreters().map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  it("a core tells the heap that the process told", { timeout: 60_000 }, async ({ skip }) => {
    await using target = await startStillTarget(python.path);
    const live = await readProcess(target.pid, OPTIONS);
    if (!live.ok) throw new Error(live.error.code);
    const cores = [writeGcore(target), await writeKernelCore(target)].filter((core) => core !== null);
    if (cores.length === 0) skip("neither gcore nor the kernel can write a core here");
    for (const core of cores) {
      const read = await readCore(core, OPTIONS);
      if (!read.ok) throw new Error(JSON.stringify(read.error));
      expect(read.value.meta).toMatchObject({ source: "core", pid: target.pid, warnings: [] });
      expect(said(read.value)).toEqual(said(live.value));
    }
  });
});
