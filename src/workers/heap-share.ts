// A helper's share of reading a heap: what each job does, without a word about threads.

import { invariant } from "../base/invariant.ts";
import { createImage } from "../cpython/image-plan.ts";
import { type KnownReads, rememberingReader } from "../cpython/remembering-reader.ts";
import { createTypeTable } from "../cpython/type-table.ts";
import { weigh } from "../heap/analysis/weights.ts";
import { markLists } from "../heap/walk/gc-lists.ts";
import { markBlock } from "../heap/walk/mark.ts";
import { staticTypesOf } from "../heap/walk/roots.ts";
import { settleTypes, typeKeys } from "../heap/walk/settle-types.ts";
import { sweepBlock } from "../heap/walk/sweep.ts";
import { createWalk, type Walk } from "../heap/walk/walk-state.ts";
import type { HeapDone, HeapJob, JobOf } from "./heap-jobs.ts";
import { askingReader } from "./outside-mailbox.ts";

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
  readonly known: KnownReads;
}

function prepare(job: JobOf<"prepare">, ring: () => void): Prepared {
  const known: KnownReads = new Map();
  const outside = rememberingReader(askingReader(job.mailbox, ring), known);
  const plan = { runs: job.runs, pageCount: job.pageCount, bufferBytes: job.pageCount * 4096 };
  const image = createImage(plan, job.buffer, 0, outside);
  const types = createTypeTable(image, job.layout, job.interpreter);
  return { known, walk: createWalk(image, job.layout, types, job.marked) };
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

function sweep({ walk, known }: Prepared, job: JobOf<"sweep">): HeapDone {
  learn(known, job.known);
  settleTypes(walk.types, job.types);
  const share = { balance: job.balance, oversize: new Map<number, number>() };
  eachBlock(job.cursor, walk.edgesOfBlock.length, (block) => sweepBlock(walk, job.space, share, block));
  return { kind: "sweep", oversize: share.oversize };
}

function learn(known: KnownReads, more: KnownReads): void {
  for (const [address, read] of more) known.set(address, read);
}

/** Takes blocks until none is left. */
export function eachBlock(cursor: Int32Array, count: number, work: (block: number) => void): void {
  for (let block = Atomics.add(cursor, 0, 1); block < count; block = Atomics.add(cursor, 0, 1)) work(block);
}
