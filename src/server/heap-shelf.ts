// The heaps that the page may look at. A file is opened when somebody asks about it, and stays open until others are.

import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { createOpenHeaps, type HeapQuestion, type OpenHeapsOptions } from "../app/background/open-heaps.ts";
import type { AnswerOf, AskedOf, TaskProblem } from "../app/background/task.ts";
import type { BackgroundTasks } from "../app/background/tasks.ts";
import { openKeptAnswers } from "../app/kept-answers.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { HeapSummary, SnapshotRow } from "../model/page-reports.ts";

export interface ShelfOptions extends OpenHeapsOptions {
  /** Snapshots that are taken and files that are sent lie there; what lies there is on the shelf. */
  readonly folder: string;
  /** More files, from anywhere. */
  readonly files: readonly string[];
  readonly toolVersion: string;
}

export interface HeapShelf extends AsyncDisposable {
  /** The newest first. */
  rows(): readonly SnapshotRow[];
  /** Null when there is none with this id. */
  fileOf(id: string): string | null;
  summary(id: string): Promise<Result<HeapSummary, TaskProblem>>;
  ask<Name extends HeapQuestion>(
    id: string,
    name: Name,
    asked: AskedOf<BackgroundTasks[Name]>,
  ): Promise<Result<AnswerOf<BackgroundTasks[Name]>, TaskProblem>>;
}

/** Answers that are the same every time, and that the page begins with. */
const KEPT: ReadonlySet<HeapQuestion> = new Set(["retention", "top"]);
const ANSWERS_FOLDER = "answers";
const SNAPSHOT_FILE = /\.dwsnap$/;

export function openHeapShelf(options: ShelfOptions): HeapShelf {
  const heaps = createOpenHeaps(options);
  const answers = openKeptAnswers({ folder: join(options.folder, ANSWERS_FOLDER), toolVersion: options.toolVersion });
  /** Values are kept in no other file than the snapshot that has them. */
  const kept = async <T>(
    file: string,
    question: unknown,
    ask: () => Promise<Result<T, TaskProblem>>,
  ): Promise<Result<T, TaskProblem>> => {
    if (options.hasValues) return await ask();
    const known = await answers.read(file, question);
    if (known !== null) {
      // Whoever looks at the picture clicks into it next: by then the heap is open.
      void heaps.summary(file);
      return ok(known as T);
    }
    const answer = await ask();
    if (answer.ok) await answers.keep(file, question, answer.value);
    return answer;
  };
  return {
    rows: () => rowsOf(options),
    fileOf: (id) => fileOf(options, id),
    summary: async (id) => {
      const file = fileOf(options, id);
      return file === null ? noSuchSnapshot() : await kept(file, "summary", async () => await heaps.summary(file));
    },
    ask: async (id, name, asked) => {
      const file = fileOf(options, id);
      if (file === null) return noSuchSnapshot();
      const ask = async (): Promise<Result<AnswerOf<BackgroundTasks[typeof name]>, TaskProblem>> =>
        await heaps.ask(file, name, asked);
      return KEPT.has(name) ? await kept(file, [name, asked], ask) : await ask();
    },
    [Symbol.asyncDispose]: async () => await heaps[Symbol.asyncDispose](),
  };
}

function noSuchSnapshot(): Result<never, TaskProblem> {
  return fail({
    code: "no-such-snapshot",
    message: "There is no such snapshot any more; GET /api/snapshots lists them.",
  });
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
