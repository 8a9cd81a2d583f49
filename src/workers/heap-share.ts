// A helper's share of reading a heap: what each job does, without a word about threads.

import { invariant } from "../base/invariant.ts";
import { createImage } from "../cpython/image-plan.ts";
import type { OutsideReader } from "../cpython/memory-image.ts";
import { createTypeTable, type TypeTable } from "../cpython/type-table.ts";
import { weigh } from "../heap/analysis/weights.ts";
import { markLists } from "../heap/walk/gc-lists.ts";
import { markBlock } from "../heap/walk/mark.ts";
import { staticTypesOf } from "../heap/walk/roots.ts";
import { addTypes, typeKeys } from "../heap/walk/settle-types.ts";
import { sweepBlock } from "../heap/walk/sweep.ts";
import { createWalk, type Walk, withTypes } from "../heap/walk/walk-state.ts";
import type { HeapDone, HeapJob, JobOf } from "./heap-jobs.ts";
import { askingReader, type KnownBytes } from "./outside-mailbox.ts";

export interface HeapShare {
  run(job: HeapJob): HeapDone;
}

/** `ring`: tells the main thread to look into the mailbox. `collect`: frees what is garbage, the copy of the target above all. */
export function createHeapShare(ring: () => void, collect: () => void): HeapShare {
  let state: Prepared | null = null;
  const prepared = (): Prepared => {
    invariant(state !== null, "a reading begins with its preparation");
    return state;
  };
  return {
    run(job) {
      switch (job.kind) {
        case "prepare":
          state = prepare(job, ring);
          return { kind: "prepare" };
        case "lists":
          learn(prepared().known, job.known);
          return { kind: "lists", shares: markLists(prepared().walk, job.heads, job.ends) };
        case "mark":
          return mark(prepared(), job);
        case "sweep":
          return sweep(prepared(), job);
        case "weigh":
          state = null;
          collect();
          return { kind: "weigh", weights: weigh(job.refs, job.sizes, job.oversize, job.roots) };
      }
    },
  };
}

interface Prepared {
  readonly walk: Walk;
  readonly known: KnownBytes;
  readonly newTable: () => TypeTable;
}

function prepare(job: JobOf<"prepare">, ring: () => void): Prepared {
  const known: KnownBytes = new Map();
  const outside: OutsideReader = askingReader(job.mailbox, known, ring);
  const plan = { runs: job.runs, pageCount: job.pageCount, bufferBytes: job.pageCount * 4096 };
  const image = createImage(plan, job.buffer, 0, outside);
  const newTable = (): TypeTable => createTypeTable(image, job.layout, job.interpreter);
  return { known, newTable, walk: createWalk(image, job.layout, newTable(), job.marked) };
}

function mark({ walk, known }: Prepared, job: JobOf<"mark">): HeapDone {
  learn(known, job.known);
  eachBlock(job.cursor, walk.edgesOfBlock.length, (block) => markBlock(walk, job.tracked, block));
  return {
    kind: "mark",
    edgesOfBlock: walk.edgesOfBlock,
    types: typeKeys(walk.types),
    staticTypes: staticTypesOf(walk),
  };
}

function sweep({ walk, known, newTable }: Prepared, job: JobOf<"sweep">): HeapDone {
  learn(known, job.known);
  const settled = withTypes(walk, newTable());
  addTypes(settled.types, job.types);
  const share = { balance: job.balance, oversize: new Map<number, number>() };
  eachBlock(job.cursor, walk.edgesOfBlock.length, (block) => sweepBlock(settled, job.space, share, block));
  return { kind: "sweep", oversize: share.oversize };
}

function learn(known: KnownBytes, more: KnownBytes): void {
  for (const [address, bytes] of more) known.set(address, bytes);
}

/** Takes blocks until none is left. */
export function eachBlock(cursor: Int32Array, count: number, work: (block: number) => void): void {
  for (let block = Atomics.add(cursor, 0, 1); block < count; block = Atomics.add(cursor, 0, 1)) work(block);
}
