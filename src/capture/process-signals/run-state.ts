// Whether a process still runs, since when, and how much it computed: /proc/PID/stat.

import type { ProcFs } from "../proc-fs.ts";
import { isDeadState, isStoppedState, parseStat } from "../proc-stat.ts";

export interface RunState {
  /** Of all threads so far, user and system. */
  readonly cpuSeconds: number;
  readonly startTimeTicks: number;
  /** Its main thread stands still: stopped by a signal or a debugger. */
  readonly isStopped: boolean;
  /** It has ended and waits to be reaped. */
  readonly isDead: boolean;
}

/** USER_HZ: 100 on every Linux that Node runs on, whatever the kernel's own tick (asm-generic/param.h). */
const TICKS_PER_SECOND = 100;

/** Null when there is no such process. */
export function readRunState(proc: ProcFs, pid: number): RunState | null {
  const text = proc.readText(`${pid}/stat`);
  return text.ok ? parseRunState(text.value) : null;
}

export function parseRunState(text: string): RunState {
  const { state, startTimeTicks } = parseStat(text);
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return {
    cpuSeconds: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND,
    startTimeTicks,
    isStopped: isStoppedState(state),
    isDead: isDeadState(state),
  };
}
