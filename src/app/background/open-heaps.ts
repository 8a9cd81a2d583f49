// Heaps that stay open for questions, each in a thread of its own. They are large, so few are open at once.

import { ok, type Result } from "../../base/result.ts";
import type { HeapSummary } from "../../model/page-reports.ts";
import { type Background, startBackground } from "./background.ts";
import type { AnswerOf, AskedOf, TaskProblem } from "./task.ts";
import type { BackgroundTasks } from "./tasks.ts";

export type HeapQuestion = "top" | "why" | "query" | "retention" | "neighbourhood" | "source" | "value";

export interface OpenHeaps extends AsyncDisposable {
  /** Opens the source where it is not open yet. */
  summary(source: string): Promise<Result<HeapSummary, TaskProblem>>;
  ask<Name extends HeapQuestion>(
    source: string,
    name: Name,
    asked: AskedOf<BackgroundTasks[Name]>,
  ): Promise<Result<AnswerOf<BackgroundTasks[Name]>, TaskProblem>>;
  /** The next question opens it anew: what a process was is not what it is. */
  forget(source: string): void;
}

export interface OpenHeapsOptions {
  readonly maxPauseMs: number;
  readonly hasValues: boolean;
}

/** The one that was asked last stays longest. */
const MOST_OPEN = 2;
/** Names and reports lie in V8's heap; the columns of a heap do not. */
const HEAP_MEGABYTES = 4096;

interface OpenedHeap {
  readonly thread: Background;
  readonly summary: Promise<Result<HeapSummary, TaskProblem>>;
}

export function createOpenHeaps(options: OpenHeapsOptions): OpenHeaps {
  // The first is the one that was asked longest ago.
  const opened = new Map<string, OpenedHeap>();
  const close = (source: string): void => {
    const heap = opened.get(source);
    opened.delete(source);
    void heap?.thread[Symbol.asyncDispose]();
  };
  const open = (source: string): OpenedHeap => {
    const thread = startBackground({ heapMegabytes: HEAP_MEGABYTES });
    return { thread, summary: thread.ask("open", { source, ...options }) };
  };
  const use = (source: string): OpenedHeap => {
    const before = opened.get(source);
    const heap = before?.thread.isAlive() === true ? before : open(source);
    opened.delete(source);
    opened.set(source, heap);
    for (const oldest of [...opened.keys()].slice(0, -MOST_OPEN)) close(oldest);
    return heap;
  };
  const ready = async (source: string): Promise<Result<OpenedHeap, TaskProblem>> => {
    const heap = use(source);
    const summary = await heap.summary;
    // What could not be opened may be there the next time.
    if (!summary.ok && opened.get(source) === heap) close(source);
    return summary.ok ? ok(heap) : summary;
  };
  return {
    summary: async (source) => {
      const heap = await ready(source);
      return heap.ok ? await heap.value.summary : heap;
    },
    ask: async (source, name, asked) => {
      const heap = await ready(source);
      return heap.ok ? await heap.value.thread.ask(name, asked) : heap;
    },
    forget: close,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...opened.values()].map(({ thread }) => thread[Symbol.asyncDispose]()));
    },
  };
}
