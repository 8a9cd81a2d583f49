// From the copy of a process's memory to columns of objects and references, in one thread. The steps are the same in
// several (workers/), where each is shared out.

import { follow, slotOfAddress } from "../../cpython/image-access.ts";
import type { Interpreter } from "../../cpython/interpreter.ts";
import type { Layout } from "../../cpython/layout.ts";
import type { MemoryImage } from "../../cpython/memory-image.ts";
import { type KnownReads, rememberingReader } from "../../cpython/remembering-reader.ts";
import { createTypeTable, type TypeTable } from "../../cpython/type-table.ts";
import type { Progress } from "../../model/progress.ts";
import {
  collectorSlots,
  interpreterSlots,
  isCollecting,
  listHeads,
  type ListsResult,
  markLists,
  readCollector,
} from "./gc-lists.ts";
import { markBlock, scanPending } from "./mark.ts";
import { allocateColumns, type Columns, finishColumns } from "./renumber.ts";
import { collectRoots, markStaticTypes, type Roots } from "./roots.ts";
import { mergeTypeKeys, settleTypes, typeKeys } from "./settle-types.ts";
import { sweepBlock } from "./sweep.ts";
import { markTrackedPages } from "./tracked-pages.ts";
import { blockCount, createWalk, type Walk } from "./walk-state.ts";

/** What is read: memory, where things lie in it, and how. */
export interface HeapSource {
  readonly image: MemoryImage;
  readonly interpreter: Interpreter;
  readonly layout: Layout;
}

export interface ObjectsRead {
  /** With the types settled: their rows are those of the columns. */
  readonly walk: Walk;
  readonly columns: Columns;
  readonly roots: Roots;
  /** By collector. */
  readonly lists: readonly ListsResult[];
}

/** The runtime and the states of the interpreters and of their collectors, by slot. */
export interface Runtime {
  readonly slot: number;
  readonly interpreters: readonly number[];
  readonly collectors: readonly number[];
}

/** Null when the memory holds no interpreter that is set up. */
export function readObjects(given: HeapSource, progress: Progress): ObjectsRead | null {
  const source = rememberOutside(given, new Map());
  const { image, layout } = source;
  const walk = createWalk(image, layout, typesOf(source));
  const runtime = findRuntime(walk, source);
  if (runtime === null) return null;

  // 1. Mark: objects the collector tracks, then roots, then everything they lead to.
  const lists = markTrackedObjects(walk, runtime);
  const tracked = walk.marked.slice();
  const roots = collectRoots(walk, runtime.interpreters);
  scanPending(walk);
  const blocks = blockCount(image);
  for (let block = 0; block < blocks; block++) {
    markBlock(walk, tracked, block);
    if (block % BLOCKS_PER_REPORT === 0)
      progress({ phase: "finding objects", done: block, total: blocks, unit: "steps" });
  }
  markStaticTypes(walk, [], roots);

  // 2. Sweep: write the columns, in order of address.
  settleTypes(walk.types, mergeTypeKeys([typeKeys(walk.types)]));
  const space = allocateColumns(image, walk.marked, [walk.edgesOfBlock], (bytes) => new ArrayBuffer(bytes));
  const share = { balance: new Int32Array(space.slotOfNode.length), oversize: new Map<number, number>() };
  for (let block = 0; block < blocks; block++) {
    sweepBlock(walk, space, share, block);
    if (block % BLOCKS_PER_REPORT === 0)
      progress({ phase: "reading objects", done: block, total: blocks, unit: "steps" });
  }
  return { walk, columns: finishColumns(image, space, share.balance, share.oversize), roots, lists };
}

const BLOCKS_PER_REPORT = 256;

function markTrackedObjects(walk: Walk, runtime: Runtime): readonly ListsResult[] {
  if (walk.layout.freeThreading !== null) return markAllTrackedPages(walk, runtime);
  return runtime.collectors.map((slot) =>
    readCollector(walk, slot, markLists(walk, listHeads(walk, slot), isCollecting(walk, slot) ? "front" : "both")),
  );
}

/** Without a GIL every interpreter has heaps of its own; by collector. */
export function markAllTrackedPages(walk: Walk, { slot, interpreters, collectors }: Runtime): readonly ListsResult[] {
  return interpreters.map((interpreter, i) =>
    markTrackedPages(walk, { runtime: slot, interpreter, collector: collectors[i] ?? 0 }),
  );
}

/** The same memory, which answers the same to both walks. `known` gathers what is read from outside of the copy. */
export function rememberOutside(source: HeapSource, known: KnownReads): HeapSource {
  const { image } = source;
  return { ...source, image: { ...image, outside: rememberingReader(image.outside, known) } };
}

export function typesOf({ image, layout, interpreter }: HeapSource): TypeTable {
  return createTypeTable(image, layout, interpreter);
}

export function findRuntime(walk: Walk, { image, interpreter }: HeapSource): Runtime | null {
  const runtime = slotOfAddress(image, interpreter.symbols.get("_PyRuntime") ?? 0);
  const interpreters = runtime > 0 ? interpreterSlots(walk, runtime) : [];
  const { typeTypeSlot } = walk.types;
  // `type` is its own type: if not, the table of offsets is not this interpreter's (a debug build, a torn copy).
  if (
    interpreters.length === 0 ||
    typeTypeSlot < 0 ||
    follow(image, typeTypeSlot + walk.scan.offsets.type) !== typeTypeSlot
  )
    return null;
  return { slot: runtime, interpreters, collectors: collectorSlots(walk, runtime, interpreters) };
}
