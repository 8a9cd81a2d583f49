// What goes between the main thread and a thread that does long work for it.

import type { Result } from "../../base/result.ts";
import type { Progress, ProgressStep } from "../../model/progress.ts";

/** An expected failure in words. */
export interface TaskProblem {
  readonly code: string;
  readonly message: string;
}

/** What a task may use beside what it is asked. */
export interface TaskContext {
  readonly progress: Progress;
  /** Aborted when nobody wants the answer any more; a task that can end early does. */
  readonly signal: AbortSignal;
  /** Tells something before the answer, as often as there is something. */
  readonly tell: (news: unknown) => void;
}

/** Takes and gives what can be cloned into another thread. */
export type Task<Asked, Answer> = (asked: Asked, context: TaskContext) => Promise<Result<Answer, TaskProblem>>;

export type AskedOf<T> = T extends Task<infer Asked, unknown> ? Asked : never;
export type AnswerOf<T> = T extends (...words: never) => Promise<Result<infer Answer, TaskProblem>> ? Answer : never;

export type ToThread =
  | { readonly kind: "ask"; readonly id: number; readonly name: string; readonly asked: unknown }
  | { readonly kind: "cancel"; readonly id: number };

export type FromThread =
  | { readonly kind: "progress"; readonly id: number; readonly step: ProgressStep }
  | { readonly kind: "news"; readonly id: number; readonly news: unknown }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Result<unknown, TaskProblem> };
