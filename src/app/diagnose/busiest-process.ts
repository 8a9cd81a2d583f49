// Which of several workers does the work: a leak shows where something happens.

import { setTimeout as delay } from "node:timers/promises";
import type { ListedProcess } from "../../capture/list-processes.ts";
import type { ProcFs } from "../../capture/proc-fs.ts";
import { readRunState } from "../../capture/process-signals/run-state.ts";

export interface ProcessWork {
  readonly process: ListedProcess;
  /** CPU time while we looked. */
  readonly recentSeconds: number;
  /** CPU time since it started. */
  readonly totalSeconds: number;
}

/**
 * Looks at the CPU time of all for `lookMs`. The one that worked most comes first; where none did, the one that has worked most
 * since it started, then the largest.
 */
export async function byWork(
  processes: readonly ListedProcess[],
  proc: ProcFs,
  lookMs: number,
): Promise<readonly ProcessWork[]> {
  const secondsOf = ({ pid }: ListedProcess): number => readRunState(proc, pid)?.cpuSeconds ?? 0;
  const before = processes.map(secondsOf);
  if (processes.length > 1) await delay(lookMs);
  return processes
    .map((process, at) => {
      const totalSeconds = secondsOf(process);
      return { process, totalSeconds, recentSeconds: Math.max(0, totalSeconds - (before[at] ?? 0)) };
    })
    .toSorted(
      (a, b) =>
        b.recentSeconds - a.recentSeconds ||
        b.totalSeconds - a.totalSeconds ||
        b.process.privateBytes - a.process.privateBytes,
    );
}
