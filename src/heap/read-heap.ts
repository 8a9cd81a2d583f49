// The whole way from a copy of a process's memory to a snapshot: read this first.

import { OVERSIZE } from "../base/uint32.ts";
import type { NodeIx } from "../base/brand.ts";
import { type Result, fail, ok } from "../base/result.ts";
import type { Interpreter } from "../cpython/interpreter.ts";
import type { Layout } from "../cpython/layout.ts";
import { untestedTable } from "../cpython/layout-for-version.ts";
import type { MemoryImage } from "../cpython/memory-image.ts";
import { versionText } from "../cpython/version-text.ts";
import type { MemoryFacts, SnapshotMeta, SnapshotSource } from "../model/snapshot-meta.ts";
import type { Progress } from "../model/progress.ts";
import type { TargetError } from "../model/target-error.ts";
import { type Exactness, measureExactness } from "./exactness.ts";
import { disownMortalStrings } from "./interned-strings.ts";
import { codeRows, lruCacheRows } from "./names/code-rows.ts";
import { findNamedNodes, type NamedNodes } from "./names/named-nodes.ts";
import { unnameUnknownAttributes } from "./names/attribute-labels.ts";
import { orderLruEntries } from "./names/lru-order.ts";
import { namesOfVariables } from "./names/context-names.ts";
import { collectTexts } from "./names/texts.ts";
import { threadNames } from "./names/thread-names.ts";
import { typeRows } from "./names/type-rows.ts";
import type { Root, Snapshot, ThreadRow, TypeRow } from "./snapshot.ts";
import { type ObjectsRead, readObjects } from "./walk/read-objects.ts";
import type { Columns } from "./walk/renumber.ts";
import type { Roots } from "./walk/roots.ts";

/** What is known about the target besides its memory. */
export interface HeapOrigin {
  readonly source: SnapshotSource;
  readonly takenAtMs: number;
  readonly pid: number | null;
  /** See SnapshotMeta. */
  readonly processStartTicks: number | null;
  readonly command: readonly string[];
  readonly executable: string;
  readonly pauseMs: number | null;
  readonly memory: MemoryFacts;
  readonly warnings: readonly string[];
}

export interface ReadOptions {
  /** Keep string values, not only names. */
  readonly values: boolean;
  readonly progress: Progress;
}

/**
 * Reads the heap in `image`. Linear in objects and references; 22 bytes per object and 6 per reference besides the image.
 * workers/read-heap-in-threads.ts does the same in several threads.
 */
export function readHeap(
  image: MemoryImage,
  interpreter: Interpreter,
  layout: Layout,
  origin: HeapOrigin,
  options: ReadOptions,
): Result<Snapshot, TargetError> {
  // 1. Objects and references.
  const read = readObjects({ image, interpreter, layout }, options.progress);
  if (read === null) return fail({ code: "interpreter-not-initialised", pid: origin.pid });
  // 2. Types and the check against refcounts, 3. names.
  return ok(nameHeap(checkHeap(read), interpreter, origin, options));
}

/** A heap whose graph is final, and which has no names yet. */
export interface CheckedHeap {
  readonly read: ObjectsRead;
  readonly rows: readonly TypeRow[];
  readonly named: NamedNodes;
  readonly roots: readonly Root[];
  readonly exactness: Exactness;
  readonly unreadableReferences: number;
}

/** The last touches to the columns of `read`, then the check that needs no truth: refcounts against references. */
export function checkHeap(read: ObjectsRead): CheckedHeap {
  const { walk, columns } = read;
  const rows = typeRows(walk.types, columns.nodeOfSlot);
  disownMortalStrings(walk, columns, read.roots);
  unnameUnknownAttributes(columns, rows);
  const named = findNamedNodes(walk, columns);
  orderLruEntries(walk, columns, named.lruCaches);
  // Nothing has a refcount of its own in row 0: its balance is what leads there.
  const unreadableReferences = -columns.balance[0]!;
  const exactness = measureExactness(walk, columns, rows, countedRoots(columns, read.roots));
  return { read, rows, named, roots: rootsByNode(columns, read.roots), exactness, unreadableReferences };
}

/** Reads the names that the image holds. The columns become those of the snapshot. */
export function nameHeap(
  heap: CheckedHeap,
  interpreter: Interpreter,
  origin: HeapOrigin,
  options: ReadOptions,
): Snapshot {
  const { read, rows, named } = heap;
  const { walk, columns, roots } = read;
  const threadIdents = new Set(roots.threads.map((thread) => Number(thread.ident)));
  const variableNames = namesOfVariables(columns, rows, named.contextVariables);
  const kept = { values: options.values, threadIdents, variableNames };
  const texts = collectTexts(walk, columns, rows, named.modules, kept);
  const threads = threadRows(columns, roots, threadNames({ walk, columns, rows }, modulesNode(columns, roots)));
  return {
    meta: metaOf(
      heap,
      origin,
      threads.length,
      versionText(interpreter.versionHex, interpreter.freeThreaded),
      options.values,
    ),
    types: rows,
    nodes: columns.nodes,
    refs: columns.refs,
    edgeLabel: columns.edgeLabel,
    excess: heap.exactness.excess,
    roots: heap.roots,
    threads,
    codes: codeRows(walk, columns, named),
    lruCaches: lruCacheRows(walk, columns, named.lruCaches),
    texts,
  };
}

function modulesNode(columns: Columns, roots: Roots): number {
  const seed = roots.seeds.find((root) => root.origin.kind === "sys.modules");
  return seed === undefined ? 0 : Math.max(0, columns.nodeOfSlot(seed.slot));
}

function threadRows(columns: Columns, roots: Roots, names: ReadonlyMap<string, string>): readonly ThreadRow[] {
  return roots.threads.map((thread) => ({
    name: names.get(thread.ident) ?? "",
    ident: thread.ident,
    frames: thread.frames.map((frame, i) => ({
      ...frame,
      code: Math.max(0, columns.nodeOfSlot(thread.codeSlots[i] ?? 0)) as NodeIx,
    })),
  }));
}

function rootsByNode(columns: Columns, roots: Roots): readonly Root[] {
  const found: Root[] = [];
  for (const seed of roots.seeds) {
    const node = columns.nodeOfSlot(seed.slot);
    if (node > 0) found.push({ node: node as NodeIx, tier: seed.tier, origin: seed.origin });
  }
  return found;
}

function countedRoots(columns: Columns, roots: Roots): readonly number[] {
  return roots.seeds.filter((seed) => seed.counted).map((seed) => columns.nodeOfSlot(seed.slot));
}

function metaOf(
  { read, rows, exactness, unreadableReferences }: CheckedHeap,
  origin: HeapOrigin,
  threads: number,
  python: string,
  values: boolean,
): SnapshotMeta {
  const { walk, columns, lists } = read;
  const collector = lists[0]!.facts;
  return {
    source: origin.source,
    takenAtMs: origin.takenAtMs,
    pid: origin.pid,
    processStartTicks: origin.processStartTicks,
    command: origin.command,
    executable: origin.executable,
    python,
    liveBytes: sumOf(columns.nodes.shallowBytes, columns.nodes.oversize),
    copiedBytes: walk.image.copiedBytes,
    pauseMs: origin.pauseMs,
    exactness: exactness.share,
    unreadableReferences,
    threads,
    collector,
    memory: origin.memory,
    values,
    warnings: [...origin.warnings, ...warningsOf(read, rows)],
  };
}

/** What a reader of the snapshot must know about how it was read. */
function warningsOf({ lists, walk }: ObjectsRead, rows: readonly TypeRow[]): string[] {
  const warnings: string[] = [];
  const untested = untestedTable(walk.layout);
  if (untested !== null) warnings.push(untested);
  if (lists.some(({ facts }) => facts.collecting))
    warnings.push(
      walk.layout.freeThreading === null
        ? "A garbage collection was running while the process was copied: some tracked objects may be missing from the lists of the collector."
        : "A garbage collection was running while the process was copied: garbage that it has found already looks as if native code held it.",
    );
  const broken = lists.reduce((sum, list) => sum + list.broken, 0);
  if (broken > 0)
    warnings.push(`${broken} entries of the collector could not be read; objects that only it knows may be missing.`);
  if (walk.layout.freeThreading !== null && lists.every(({ facts }) => facts.generations[0]?.objects === 0))
    warnings.push(
      "No object was found that the collector knows, so garbage is missing: this build of Python may be another than those that were tested.",
    );
  const nameless = rows.filter(({ name, canonical }, row) => name === "" && canonical === row).length;
  if (nameless > 0)
    warnings.push(
      `The names of ${nameless} types could not be read, so their objects were read word by word: sizes and paths through them are less sure. Read the process again while it lives, or give the files it has mapped.`,
    );
  return warnings;
}

function sumOf(bytes: Uint32Array, oversize: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (let from = 0; from < bytes.length; from += ROWS_PER_CALL) sum += sumOfRows(bytes, from, from + ROWS_PER_CALL);
  for (const value of oversize.values()) sum += value - OVERSIZE;
  return sum;
}

/** Short calls are compiled once and for good; a loop over all rows is compiled while it runs, twice. */
function sumOfRows(bytes: Uint32Array, from: number, to: number): number {
  let sum = 0;
  for (let row = from; row < to && row < bytes.length; row++) sum += bytes[row]!;
  return sum;
}

const ROWS_PER_CALL = 1 << 12;
