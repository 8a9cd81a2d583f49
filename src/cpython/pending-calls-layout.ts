// Where calls wait for a thread that runs Python.

import type { MaybeOffset, Offset } from "./layout.ts";

/**
 * `struct _pending_calls`: a ring of `{function, argument}` that a thread empties when it runs Python, and the word that makes
 * it look. Up to 3.11 only the main thread does; from 3.12 on any thread does, and `mainQueue` is for the main thread alone.
 */
export interface PendingCallsLayout {
  /** In `_PyRuntimeState`: the main interpreter, and the pthread id of the main thread. */
  readonly mainInterpreter: Offset;
  readonly mainThread: Offset;
  readonly queueIn: "runtime" | "interpreter";
  readonly queue: Offset;
  /** In `_PyRuntimeState`. */
  readonly mainQueue: MaybeOffset;
  /** A pointer to a POSIX semaphore that is 1 when nobody holds it, or a byte that is 0 then (3.13). */
  readonly lockForm: "semaphore" | "mutex";
  readonly lock: Offset;
  /** Up to 3.12 a flag, then a count: 0 when nothing waits. */
  readonly waiting: Offset;
  /** 3.13: how many calls a queue takes, and what is written there for both queues. */
  readonly mostWaiting: MaybeOffset;
  readonly mostWaitingAny: number | null;
  readonly mostWaitingMain: number | null;
  readonly slotCount: number;
  /** `eval_breaker`: an int up to 3.12, then bits of a word of each thread. */
  readonly breakerIn: "runtime" | "interpreter" | "thread";
  readonly breaker: Offset;
  readonly breakerBit: number;
  /** 3.13: what stands in the breaker above its lowest byte; in `PyInterpreterState`. */
  readonly instrumentationVersion: MaybeOffset;
  /** 3.13, in `_PyRuntimeState`. */
  readonly mainThreadState: MaybeOffset;
  readonly slots: Offset;
  readonly slotSize: number;
  readonly first: Offset;
  readonly last: Offset;
}
