// A heap read by several threads is the heap read by one: same rows, same edges in the same order, same roots and names,
// same analysis. On every CPython found, on the targets of the truth tests.

import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { HeapAnalysis } from "../../src/heap/analyse.ts";
import type { HeapOrigin, ReadOptions } from "../../src/heap/read-heap.ts";
import type { HeapSource } from "../../src/heap/walk/read-objects.ts";
import type { OutsideReader } from "../../src/cpython/memory-image.ts";
import type { DoneOf, HeapJob, JobOf } from "../../src/workers/heap-jobs.ts";
import type { Helper } from "../../src/workers/helper-threads.ts";
import { createHeapShare } from "../../src/workers/heap-share.ts";
import { answer, createMailbox } from "../../src/workers/outside-mailbox.ts";
import { describeInterpreter, findInterpreters } from "../support/interpreters.ts";
import { startProcess } from "../capture/start-target.ts";
import { startTarget } from "../support/truth/truth.ts";
import { type Built, importBuilt } from "./built.ts";

const OBJECTS = 60_000;
/** On the other versions: what the threads share is the same, what they read is not. */
const FEWER_OBJECTS = 20_000;
const ORIGIN: HeapOrigin = {
  source: "live",
  takenAtMs: 0,
  pid: 1,
  processStartTicks: null,
  command: [],
  executable: "",
  pauseMs: 0,
  memory: { rssBytes: null, sharedBytes: null, swapBytes: null },
  warnings: [],
};
const OPTIONS: ReadOptions = { values: true, progress: () => {} };

const newest = findInterpreters().at(-1)!;

let built: Built;
beforeAll(async () => {
  built = await importBuilt();
});

interface Copy extends Disposable {
  readonly source: HeapSource;
}

async function copyOf(pid: number): Promise<Copy> {
  const known = built.identify.identifyProcess(pid);
  if (!known.ok) throw new Error(known.error.code);
  const captured = await built.capture.captureProcess(pid, { maxPauseMs: 5000, progress: () => {}, shared: true });
  if (!captured.ok) throw new Error(captured.error.code);
  const { interpreter, layout } = known.value;
  return {
    source: { image: captured.value.image, interpreter, layout },
    [Symbol.dispose]: () => captured.value[Symbol.dispose](),
  };
}

/** As if the target ended after so many reads of what is not in the copy, and its files were gone. */
function fallingSilent(source: HeapSource, answers: number): HeapSource {
  const { outside } = source.image;
  let left = answers;
  return {
    ...source,
    image: {
      ...source.image,
      outside: { read: (address, length) => (left-- > 0 ? outside.read(address, length) : new Uint8Array(0)) },
    },
  };
}

function readAlone({ image, interpreter, layout }: HeapSource): HeapAnalysis {
  const read = built.readHeap.readHeap(image, interpreter, layout, ORIGIN, OPTIONS);
  if (!read.ok) throw new Error(read.error.code);
  return built.analyse.analyse(read.value);
}

async function readTogether(source: HeapSource, helpers: readonly Helper[]): Promise<HeapAnalysis> {
  const [helper] = helpers;
  const read = await built.inThreads.readHeapInThreads(source, ORIGIN, OPTIONS, helpers);
  if (!read.ok || helper === undefined) throw new Error("not read");
  return built.inThreads.analyseInThreads(read.value, helper);
}

/** Every column as bytes: comparing millions of numbers one by one would take vitest minutes. */
function columnsOf({ snapshot, rooted, tree, retainedBytes, retainedCounts }: HeapAnalysis): Record<string, Buffer> {
  const { nodes, refs, edgeLabel, excess, texts } = snapshot;
  const columns = {
    type: nodes.type,
    shallowBytes: nodes.shallowBytes,
    addressLow: nodes.addressLow,
    edgeStart: refs.edgeStart,
    edgeTarget: refs.edgeTarget,
    edgeLabel,
    excessNode: excess.node,
    excess: excess.excess,
    textNode: texts.node,
    textStart: texts.start,
    text: texts.utf8,
    parent: rooted.parent,
    dominator: tree.idom,
    containers: tree.containers,
    retainedBytes,
    retainedCounts,
  };
  const bytes = Object.entries(columns).map(([name, column]) => [
    name,
    Buffer.from(column.buffer, column.byteOffset, column.byteLength),
  ]);
  return Object.fromEntries(bytes) as Record<string, Buffer>;
}

function expectSame(one: HeapAnalysis, other: HeapAnalysis): void {
  const { meta, types, roots, threads, codes, lruCaches, nodes } = one.snapshot;
  expect(other.snapshot.meta).toEqual(meta);
  expect(other.snapshot.types).toEqual(types);
  expect(other.snapshot.roots).toEqual(roots);
  expect(other.snapshot).toMatchObject({ threads, codes, lruCaches });
  expect([other.snapshot.nodes.addressHigh, other.snapshot.nodes.oversize]).toEqual([
    nodes.addressHigh,
    nodes.oversize,
  ]);
  expect(other.typeTotals).toEqual(one.typeTotals);
  expect(other.garbage).toEqual(one.garbage);
  const wanted = columnsOf(one);
  const differing = Object.entries(columnsOf(other)).filter(([name, bytes]) => wanted[name]?.equals(bytes) !== true);
  expect(differing.map(([name]) => name)).toEqual([]);
}

/** A helper that has done its job by the time it was asked: all the blocks are its own, and the main thread finds none. */
function hastyHelper(): Helper {
  const mailbox = createMailbox();
  let reader: OutsideReader = { read: () => new Uint8Array(0) };
  const share = createHeapShare(
    () => answer(mailbox, reader),
    () => {},
  );
  return {
    mailbox,
    run: async <Kind extends HeapJob["kind"]>(job: JobOf<Kind>) => share.run(job) as DoneOf<Kind>,
    setReader: (next) => {
      reader = next;
    },
    end: async () => {},
  };
}

describe.each(findInterpreters().map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  it("is the same with one helper, with two, and with one that does everything before the main thread looks", async () => {
    const objects = python.path === newest.path ? OBJECTS : FEWER_OBJECTS;
    using target = await startTarget(python, objects);
    using copy = await copyOf(target.pid);
    const alone = readAlone(copy.source);
    expect(alone.snapshot.nodes.count).toBeGreaterThan(objects);
    for (const count of [1, 2]) {
      await using threads = built.threads.startHelpers(count);
      expectSame(alone, await readTogether(copy.source, threads.helpers));
    }
    expectSame(alone, await readTogether(copy.source, [hastyHelper()]));
  });
});

describe("a running program of several threads", () => {
  it.each(findInterpreters().map((python) => [describeInterpreter(python), python] as const))(
    "of %s is read alike at whatever moment it is copied",
    async (_, python) => {
      await using target = await startProcess(python.path, [join(import.meta.dirname, "targets/churn.py")]);
      await using threads = built.threads.startHelpers(2);
      const rounds = python.path === newest.path ? 4 : 1;
      for (let round = 0; round < rounds; round++) {
        using copy = await copyOf(target.pid);
        expectSame(readAlone(copy.source), await readTogether(copy.source, threads.helpers));
      }
    },
  );
});

describe("helpers", () => {
  const python = newest;

  it("can be used again, and again give the same", async () => {
    using target = await startTarget(python, FEWER_OBJECTS);
    using copy = await copyOf(target.pid);
    await using threads = built.threads.startHelpers(1);
    const first = await readTogether(copy.source, threads.helpers);
    for (let round = 0; round < 3; round++) expectSame(first, await readTogether(copy.source, threads.helpers));
  });

  it("may die at any moment: the reading fails, the copy stays good", async () => {
    using target = await startTarget(python, OBJECTS);
    using copy = await copyOf(target.pid);
    const alone = readAlone(copy.source);
    for (const moment of ["prepare", "lists", "mark", "sweep", "weigh"]) {
      await using threads = built.threads.startHelpers(1);
      const mortal = threads.helpers.map(
        (helper): Helper => ({
          ...helper,
          run: (job) => {
            const done = helper.run(job);
            if (job.kind === moment) void helper.end();
            return done;
          },
        }),
      );
      await expect(readTogether(copy.source, mortal), moment).rejects.toThrow("helper thread");
      expectSame(alone, readAlone(copy.source));
    }
  });

  it("read a heap whose names go away between the two walks as one thread does: what was read once stays", async () => {
    using target = await startTarget(python, FEWER_OBJECTS);
    using copy = await copyOf(target.pid);
    for (const answers of [0, 5, 40, 100]) {
      const source = (): HeapSource => fallingSilent(copy.source, answers);
      const alone = readAlone(source());
      await using threads = built.threads.startHelpers(1);
      const together = await readTogether(source(), threads.helpers);
      expect(together.snapshot.nodes.count).toBeGreaterThan(FEWER_OBJECTS);
      expect(alone.snapshot.nodes.count).toBeGreaterThan(FEWER_OBJECTS);
    }
  });

  it("are as many as the user says, and one otherwise", () => {
    const { threadCount } = built.threads;
    expect(threadCount("1")).toBe(1);
    expect(threadCount("3")).toBe(3);
    expect(threadCount("1000")).toBe(8);
    expect(threadCount("nonsense")).toBe(threadCount(""));
    expect(threadCount("")).toBe(1);
  });
});
