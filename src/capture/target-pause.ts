// One pause: from just before SIGSTOP until the target runs again. However the block that owns it is left, and whatever
// happens to us meanwhile, the target is resumed: by `using`, by the time limit, by our signal and exit handlers, or by
// the watchdog. A target that stood still before is neither stopped nor resumed.

import { guardPause } from "./pause-guard.ts";
import { type ProcessIdentity, resumeProcess } from "./pause-target.ts";
import type { ProcFs } from "./proc-fs.ts";
import type { ResumeWatchdog } from "./resume-watchdog.ts";

export interface TargetPause extends Disposable {
  /** Lets the target go on; the second call does nothing. */
  resume(): void;
  isOver(): boolean;
  /** From the start until the resume, or until now. */
  elapsedMs(): number;
  /** Why it ended early, null when it did not. */
  endedBy(): "limit" | NodeJS.Signals | null;
}

export interface PauseOptions {
  readonly proc: ProcFs;
  readonly target: ProcessIdentity;
  readonly limitMs: number;
  readonly watchdog: ResumeWatchdog;
}

/** Call when the watchdog is armed, before SIGSTOP. */
export function beginPause({ proc, target, limitMs, watchdog }: PauseOptions): TargetPause {
  const startMs = performance.now();
  let endMs: number | null = null;
  let reason: "limit" | NodeJS.Signals | null = null;
  const resume = (): void => {
    if (endMs !== null) return;
    resumeProcess(proc, target);
    endMs = performance.now();
    clearTimeout(limit);
    watchdog.disarm();
  };
  const guard = guardPause(resume, (signal) => {
    reason ??= signal;
  });
  const limit = setTimeout(() => {
    if (endMs === null) reason = "limit";
    resume();
  }, limitMs);
  return {
    resume,
    isOver: () => endMs !== null,
    elapsedMs: () => (endMs ?? performance.now()) - startMs,
    endedBy: () => reason,
    [Symbol.dispose]: () => {
      resume();
      guard[Symbol.dispose]();
    },
  };
}

/** For a target that somebody else has stopped: the same shape, and nothing happens. */
export function standStill(): TargetPause {
  return { resume: () => {}, isOver: () => false, elapsedMs: () => 0, endedBy: () => null, [Symbol.dispose]: () => {} };
}
