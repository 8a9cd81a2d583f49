// heap/walk/read-objects.ts with helpers: the same steps, the same result. Each thread follows its end of the collector's
// lists, then all take blocks of the copy as they come: to mark what the tracked objects lead to, and to write the columns.
//
// Threads share the copy, the bitmap of objects and the columns. What each keeps of its own (types met, edges counted,
// balances) is put together after each step; rows ascend by address, so that it does not matter who found what.

import { cStringAt, pointerAt, slotOfAddress } from "../cpython/image-access.ts";
import type { KnownReads } from "../cpython/remembering-reader.ts";
import { ROW_LIMIT } from "../cpython/type-table.ts";
import type { HeapSource, ObjectsRead } from "../heap/walk/read-objects.ts";
import { findRuntime, markAllTrackedPages, rememberOutside, typesOf } from "../heap/walk/read-objects.ts";
import {
  isCollecting,
  listHeads,
  type ListShare,
  type ListsResult,
  markLists,
  readCollector,
} from "../heap/walk/gc-lists.ts";
import { markBlock, scanPending } from "../heap/walk/mark.ts";
import { allocateColumns, finishColumns } from "../heap/walk/renumber.ts";
import { collectRoots, markStaticTypes, type Roots } from "../heap/walk/roots.ts";
import { mergeTypeKeys, settleTypes, type TypeKey, typeKeys } from "../heap/walk/settle-types.ts";
import { sweepBlock } from "../heap/walk/sweep.ts";
import { bitmapWords, blockCount, createWalk, type Walk } from "../heap/walk/walk-state.ts";
import type { Progress } from "../model/progress.ts";
import { eachBlock } from "./heap-share.ts";
import type { Helper } from "./helper-threads.ts";
import type { DoneOf, HeapJob, JobOf } from "./heap-jobs.ts";
import { answer } from "./outside-mailbox.ts";

/** The copy must lie in shared memory. Null when it holds no interpreter that is set up; throws when a helper dies. */
export async function readObjectsInThreads(
  given: HeapSource,
  helpers: readonly Helper[],
  progress: Progress,
): Promise<ObjectsRead | null> {
  const known: KnownReads = new Map();
  const source = rememberOutside(given, known);
  const { image, layout } = source;
  const marked = new Int32Array(new SharedArrayBuffer(bitmapWords(image) * 4));
  const walk = createWalk(image, layout, typesOf(source), marked);
  const runtime = findRuntime(walk, source);
  if (runtime === null) return null;
  const team: Team = { helpers, walk, source, known, blocks: blockCount(image), progress };
  await prepareHelpers(team);

  const lists =
    layout.freeThreading === null
      ? await readListsTogether(team, runtime.collectors)
      : markAllTrackedPages(walk, runtime);
  const tracked = new Int32Array(new SharedArrayBuffer(marked.byteLength));
  tracked.set(marked);
  const { roots, found } = await markTogether(team, tracked, () => collectRoots(walk, runtime.interpreters));
  markStaticTypes(
    walk,
    found.flatMap((helper) => helper.staticTypes),
    roots,
  );

  const types = mergeTypeKeys([typeKeys(walk.types), ...found.map((helper) => helper.types)]);
  // A walker whose table is full takes objects of further types for none, another one has met those types in time.
  if (types.length + 1 >= ROW_LIMIT) throw new Error(`there are ${types.length} types, more than a table holds`);
  const edgesOfBlock = [walk.edgesOfBlock, ...found.map((helper) => helper.edgesOfBlock)];
  return { ...(await sweepTogether(team, types, edgesOfBlock)), roots, lists };
}

interface Team {
  readonly helpers: readonly Helper[];
  readonly walk: Walk;
  readonly source: HeapSource;
  readonly known: KnownReads;
  readonly blocks: number;
  readonly progress: Progress;
}

/** Answers what helpers ask; called between pieces of our own work, since they sleep until then. */
function answerAll({ helpers, source }: Team): void {
  for (const helper of helpers) answer(helper.mailbox, source.image.outside);
}

/**
 * Gives every helper its job. We work on before we wait for them, and may fail in the meantime: then nobody is left to
 * hear of their failure, which must not end the program.
 */
function askHelpers<Kind extends HeapJob["kind"]>(
  helpers: readonly Helper[],
  jobFor: (helper: Helper, index: number) => JobOf<Kind>,
): Promise<readonly DoneOf<Kind>[]> {
  const all = Promise.all(helpers.map((helper, i) => helper.run<Kind>(jobFor(helper, i))));
  all.catch(() => {});
  return all;
}

async function prepareHelpers({ helpers, source, walk }: Team): Promise<void> {
  const { image, interpreter, layout } = source;
  const { runs, pageCount } = image;
  const { buffer } = image.words;
  if (!(buffer instanceof SharedArrayBuffer)) throw new TypeError("the copy lies in memory of one thread");
  readCommonNames(source);
  for (const helper of helpers) helper.setReader(image.outside);
  const { marked } = walk;
  const job = { kind: "prepare", buffer, runs, pageCount, interpreter, layout, marked } as const;
  await askHelpers<"prepare">(helpers, ({ mailbox }) => ({ ...job, mailbox }));
}

/** Reads the names of types that every process has, so that `known` holds them and no helper needs to ask. */
function readCommonNames({ image, interpreter, layout }: HeapSource): void {
  for (const [symbol, address] of interpreter.symbols) {
    const slot = slotOfAddress(image, address);
    if (symbol.endsWith("_Type") && slot > 0) cStringAt(image, pointerAt(image, slot + layout.type.name / 8));
  }
}

/** Objects by collector and list. The first helper comes from behind; more could not follow the same chain. */
async function readListsTogether(team: Team, collectors: readonly number[]): Promise<readonly ListsResult[]> {
  const shares = await markListsTogether(team, collectors);
  return collectors.map((slot, i) => readCollector(team.walk, slot, shares[i] ?? []));
}

async function markListsTogether(
  team: Team,
  collectors: readonly number[],
): Promise<readonly (readonly ListShare[])[]> {
  const { walk, known } = team;
  const heads = collectors.map((collector) => listHeads(walk, collector));
  // While a collection runs the backward chain means something else.
  const fromBehind = collectors.map((collector, i) => (isCollecting(walk, collector) ? [] : (heads[i] ?? []))).flat();
  const behind = askHelpers<"lists">(team.helpers.slice(0, 1), () => ({
    kind: "lists",
    heads: fromBehind,
    ends: "back",
    known,
  }));
  const front = heads.map((own) => markLists(walk, own, "front", () => answerAll(team)));
  const back = (await behind).flatMap(({ shares }) => [...shares]);
  // Where a torn list breaks off depends on who goes how far: then one walker follows it all, as everywhere else.
  if ([...front.flat(), ...back].some((share) => share.broken > 0)) return markListsAlone(team, collectors, heads);
  return front.map((shares, i) => {
    const others = isCollecting(walk, collectors[i] ?? 0) ? [] : back.splice(0, shares.length);
    return shares.map((share, list) => joined(share, others[list]));
  });
}

function markListsAlone(
  { walk }: Team,
  collectors: readonly number[],
  heads: readonly (readonly number[])[],
): readonly (readonly ListShare[])[] {
  walk.marked.fill(0);
  walk.marked[0] = 1;
  return heads.map((own, i) => markLists(walk, own, isCollecting(walk, collectors[i] ?? 0) ? "front" : "both"));
}

function joined(one: ListShare, other: ListShare = { objects: 0, broken: 0 }): ListShare {
  return { objects: one.objects + other.objects, broken: one.broken + other.broken };
}

async function markTogether(
  team: Team,
  tracked: Int32Array,
  collect: () => Roots,
): Promise<{ readonly roots: Roots; readonly found: readonly DoneOf<"mark">[] }> {
  const { walk, known } = team;
  const cursor = newCursor();
  const helpers = askHelpers<"mark">(team.helpers, () => ({ kind: "mark", tracked, cursor, known }));
  const roots = collect();
  scanPending(walk);
  eachBlock(cursor, team.blocks, (block) => {
    markBlock(walk, tracked, block);
    afterBlock(team, "finding objects", block);
  });
  return { roots, found: await helpers };
}

async function sweepTogether(
  team: Team,
  types: readonly TypeKey[],
  edgesOfBlock: readonly Uint32Array[],
): Promise<Pick<ObjectsRead, "walk" | "columns">> {
  const { source, known, walk } = team;
  settleTypes(walk.types, types);
  const space = allocateColumns(source.image, walk.marked, edgesOfBlock, (bytes) => new SharedArrayBuffer(bytes));
  const rows = space.slotOfNode.length;
  const cursor = newCursor();
  const balances = team.helpers.map(() => new Int32Array(new SharedArrayBuffer(rows * 4)));
  const job = { kind: "sweep", types, space, cursor, known } as const;
  const helpers = askHelpers<"sweep">(team.helpers, (_, i) => ({
    ...job,
    balance: balances[i] ?? new Int32Array(rows),
  }));
  const share = { balance: new Int32Array(rows), oversize: new Map<number, number>() };
  eachBlock(cursor, team.blocks, (block) => {
    sweepBlock(walk, space, share, block);
    afterBlock(team, "reading objects", block);
  });
  for (const { oversize } of await helpers) for (const [row, bytes] of oversize) share.oversize.set(row, bytes);
  for (const balance of balances) addBalances(share.balance, balance);
  return { walk, columns: finishColumns(source.image, space, share.balance, share.oversize) };
}

function newCursor(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

function afterBlock(team: Team, phase: string, block: number): void {
  answerAll(team);
  if (block % BLOCKS_PER_REPORT === 0) team.progress({ phase, done: block, total: team.blocks, unit: "steps" });
}

const BLOCKS_PER_REPORT = 256;
const ROWS_PER_CALL = 1 << 16;

function addBalances(sum: Int32Array, more: Int32Array): void {
  for (let from = 0; from < sum.length; from += ROWS_PER_CALL)
    addRange(sum, more, from, Math.min(from + ROWS_PER_CALL, sum.length));
}

function addRange(sum: Int32Array, more: Int32Array, from: number, to: number): void {
  for (let row = from; row < to; row++) sum[row] = (sum[row] ?? 0) + (more[row] ?? 0);
}
