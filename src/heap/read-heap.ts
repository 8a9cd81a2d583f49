// The whole way from a copy of a process's memory to a snapshot: read this first.

import type { NodeIx } from "../base/brand.ts";
import { type Result, fail, ok } from "../base/result.ts";
import { slotOfAddress } from "../cpython/image-access.ts";
import type { Interpreter } from "../cpython/interpreter.ts";
import type { Layout } from "../cpython/layout.ts";
import type { MemoryImage } from "../cpython/memory-image.ts";
import { createTypeTable } from "../cpython/type-table.ts";
import type { MemoryFacts, SnapshotMeta, SnapshotSource } from "../model/snapshot-meta.ts";
import type { Progress } from "../model/progress.ts";
import type { TargetError } from "../model/target-error.ts";
import { measureExactness } from "./exactness.ts";
import { codeRows, lruCacheRows } from "./names/code-rows.ts";
import { findNamedNodes } from "./names/named-nodes.ts";
import { unnameUnknownAttributes } from "./names/attribute-labels.ts";
import { orderLruEntries } from "./names/lru-order.ts";
import { collectTexts } from "./names/texts.ts";
import { threadNames } from "./names/thread-names.ts";
import { typeRows } from "./names/type-rows.ts";
import type { Root, Snapshot, ThreadRow } from "./snapshot.ts";
import { discover } from "./walk/discover.ts";
import { collectorSlots, interpreterSlots, type ListsResult, readCollector } from "./walk/gc-lists.ts";
import { type Columns, renumber } from "./walk/renumber.ts";
import { collectRoots, type Roots, staticTypeRoots } from "./walk/roots.ts";
import { createWalk, type Walk } from "./walk/walk-state.ts";

/** What is known about the target besides its memory. */
export interface HeapOrigin {
  readonly source: SnapshotSource;
  readonly takenAtMs: number;
  readonly pid: number | null;
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
  /** Runs the garbage collector of our own process, so that peak memory stays low; does nothing if not given. */
  readonly collectNow?: () => void;
}

/**
 * Reads the heap in `image`. Linear in objects and references; about 14 bytes per object and 6 per reference besides
 * the image while it runs.
 */
export function readHeap(
  image: MemoryImage,
  interpreter: Interpreter,
  layout: Layout,
  origin: HeapOrigin,
  options: ReadOptions,
): Result<Snapshot, TargetError> {
  const runtime = slotOfAddress(image, interpreter.symbols.get("_PyRuntime") ?? 0);
  const types = createTypeTable(image, layout, interpreter);
  const walk = createWalk(image, layout, types);
  const interpreters = runtime > 0 ? interpreterSlots(walk, runtime) : [];
  if (interpreters.length === 0 || types.typeTypeSlot < 0)
    return fail({ code: "interpreter-not-initialised", pid: origin.pid });

  // 1. Objects the collector tracks, 2. roots, 3. everything they lead to.
  const lists = collectorSlots(walk, runtime, interpreters).map((slot) => readCollector(walk, slot));
  const roots = collectRoots(walk, interpreters);
  const report = (done: number): void =>
    options.progress({ phase: "reading objects", done, total: null, unit: "objects" });
  do discover(walk, report);
  while (staticTypeRoots(walk, roots) > 0);

  // 4. Rows in address order, 5. names.
  options.progress({ phase: "ordering", done: walk.count, total: walk.count, unit: "objects" });
  const columns = renumber(walk, options.collectNow ?? (() => {}));
  const rows = typeRows(types, columns.nodeOfSlot);
  unnameUnknownAttributes(columns, rows);
  const named = findNamedNodes(walk, columns);
  orderLruEntries(walk, columns, named.lruCaches);
  const texts = collectTexts(walk, columns, rows, named.modules, options.values);
  const threads = threadRows(columns, roots, threadNames({ walk, columns, rows }, modulesNode(columns, roots)));
  const rootRows = rootsByNode(columns, roots);
  const codes = codeRows(walk, columns, named);
  const lruCaches = lruCacheRows(walk, columns, named.lruCaches);

  // 6. The check that needs no truth: refcounts against references.
  const exact = measureExactness(walk, columns, rows, countedRoots(columns, roots));
  const meta = metaOf(walk, columns, lists, origin, exact.share, versionText(interpreter.versionHex), options.values);
  return ok({
    meta: { ...meta, threads: threads.length },
    types: rows,
    nodes: columns.nodes,
    refs: columns.refs,
    edgeLabel: columns.edgeLabel,
    excess: exact.excess,
    roots: rootRows,
    threads,
    codes,
    lruCaches,
    texts,
  });
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
  walk: Walk,
  columns: Columns,
  lists: readonly ListsResult[],
  origin: HeapOrigin,
  exactness: number,
  python: string,
  values: boolean,
): SnapshotMeta {
  const broken = lists.reduce((sum, list) => sum + list.broken, 0);
  const collector = lists[0]!.facts;
  const warnings = [...origin.warnings];
  if (collector.collecting)
    warnings.push(
      "A garbage collection was running while the process was copied: some tracked objects may be missing from the lists of the collector.",
    );
  if (broken > 0)
    warnings.push(
      `${broken} entries in the collector's lists could not be read; objects that only those lists know may be missing.`,
    );
  return {
    source: origin.source,
    takenAtMs: origin.takenAtMs,
    pid: origin.pid,
    command: origin.command,
    executable: origin.executable,
    python,
    liveBytes: sumOf(columns.nodes.shallowBytes, columns.nodes.oversize),
    copiedBytes: walk.image.copiedBytes,
    pauseMs: origin.pauseMs,
    exactness,
    unreadableReferences: walk.unreadable,
    threads: 0,
    collector,
    memory: origin.memory,
    values,
    warnings,
  };
}

function sumOf(bytes: Uint32Array, oversize: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (let row = 0; row < bytes.length; row++) if (bytes[row] !== 0xffffffff) sum += bytes[row]!;
  for (const value of oversize.values()) sum += value;
  return sum;
}

/** 0x030b07f0 -> "3.11.7"; release candidates keep their suffix. */
function versionText(hex: number): string {
  const level = (hex >>> 4) & 0xf;
  const suffix = level === 0xf ? "" : `${level === 0xa ? "a" : level === 0xb ? "b" : "rc"}${hex & 0xf}`;
  return `${hex >>> 24}.${(hex >>> 16) & 0xff}.${(hex >>> 8) & 0xff}${suffix}`;
}
