// The heaps that the page may look at. A file is opened when somebody asks about it, in a thread of its own, and stays open
// until others are asked about: heaps are large, so few are open at once.

import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type Background, startBackground } from "../app/background/background.ts";
import type { AnswerOf, AskedOf, TaskProblem } from "../app/background/task.ts";
import type { BackgroundTasks } from "../app/background/tasks.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { HeapSummary, SnapshotRow } from "../model/page-reports.ts";

export interface ShelfOptions {
  /** Snapshots that are taken and files that are sent lie there; what lies there is on the shelf. */
  readonly folder: string;
  /** More files, from anywhere. */
  readonly files: readonly string[];
  readonly maxPauseMs: number;
  readonly hasValues: boolean;
}

type Question = "top" | "why" | "query" | "retention" | "neighbourhood";

export interface HeapShelf extends AsyncDisposable {
  /** The newest first. */
  rows(): readonly SnapshotRow[];
  /** Null when there is none with this id. */
  fileOf(id: string): string | null;
  summary(id: string): Promise<Result<HeapSummary, TaskProblem>>;
  ask<Name extends Question>(
    id: string,
    name: Name,
    asked: AskedOf<BackgroundTasks[Name]>,
  ): Promise<Result<AnswerOf<BackgroundTasks[Name]>, TaskProblem>>;
}

/** Open at once. The one that was asked last stays longest. */
const MOST_OPEN = 2;
/** Names and reports lie in V8's heap; the columns of a heap do not. */
const HEAP_MEGABYTES = 4096;
const SNAPSHOT_FILE = /\.dwsnap$/;

interface OpenedHeap {
  readonly thread: Background;
  readonly summary: Promise<Result<HeapSummary, TaskProblem>>;
}

export function openHeapShelf(options: ShelfOptions): HeapShelf {
  // The first is the one that was asked longest ago.
  const opened = new Map<string, OpenedHeap>();
  const open = (file: string): OpenedHeap => {
    const thread = startBackground({ heapMegabytes: HEAP_MEGABYTES });
    const { maxPauseMs, hasValues } = options;
    return { thread, summary: thread.ask("open", { source: file, maxPauseMs, hasValues }) };
  };
  const use = (id: string): Result<OpenedHeap, TaskProblem> => {
    const file = fileOf(options, id);
    if (file === null)
      return fail({
        code: "no-such-snapshot",
        message: "There is no such snapshot any more; GET /api/snapshots lists them.",
      });
    const before = opened.get(id);
    const heap = before?.thread.isAlive() === true ? before : open(file);
    opened.delete(id);
    opened.set(id, heap);
    letGo(opened);
    return ok(heap);
  };
  return {
    rows: () => rowsOf(options),
    fileOf: (id) => fileOf(options, id),
    summary: async (id) => {
      const heap = use(id);
      return heap.ok ? await heap.value.summary : heap;
    },
    ask: async (id, name, asked) => {
      const heap = use(id);
      if (!heap.ok) return heap;
      const summary = await heap.value.summary;
      return summary.ok ? await heap.value.thread.ask(name, asked) : summary;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...opened.values()].map(({ thread }) => thread[Symbol.asyncDispose]()));
    },
  };
}

function letGo(opened: Map<string, OpenedHeap>): void {
  for (const [id, { thread }] of opened) {
    if (opened.size <= MOST_OPEN) return;
    opened.delete(id);
    void thread[Symbol.asyncDispose]();
  }
}

function rowsOf(options: ShelfOptions): readonly SnapshotRow[] {
  return filesOf(options)
    .flatMap(rowOf)
    .sort((a, b) => b.writtenAtMs - a.writtenAtMs);
}

function filesOf({ folder, files }: ShelfOptions): readonly string[] {
  return [...new Set([...files, ...kept(folder)])];
}

function kept(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => SNAPSHOT_FILE.test(name))
      .map((name) => join(folder, name));
  } catch {
    // Nothing was ever kept.
    return [];
  }
}

/** None when the file is not there any more. */
function rowOf(file: string): readonly SnapshotRow[] {
  try {
    const { size, mtimeMs } = statSync(file);
    return [{ id: idOf(file), name: basename(file), fileBytes: size, writtenAtMs: Math.round(mtimeMs) }];
  } catch {
    return [];
  }
}

/** Ids say nothing of the place, and only files of the shelf have one: no path comes from outside. */
function fileOf(options: ShelfOptions, id: string): string | null {
  return filesOf(options).find((file) => idOf(file) === id) ?? null;
}

function idOf(file: string): string {
  return createHash("sha256").update(file).digest("hex").slice(0, 16);
}
