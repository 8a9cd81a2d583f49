// /proc/PID/stat and /proc/PID/task/TID/stat: state, start time and flags. The name in brackets may hold anything,
// a closing bracket and spaces included, so fields are counted from the last bracket. See proc_pid_stat(5).

import { ok, type Result } from "../base/result.ts";
import type { ProcFailure, ProcFs } from "./proc-fs.ts";

export interface ProcessStat {
  /** What the kernel calls it; at most 15 bytes. */
  readonly name: string;
  /** R running, S sleeping, D waiting for a device, T stopped, t stopped by a debugger, Z zombie, X dead, I idle. */
  readonly state: string;
  readonly parentPid: number;
  readonly isKernelThread: boolean;
  /** Clock ticks after boot: with the pid it names one process for good. */
  readonly startTimeTicks: number;
}

const PF_KTHREAD = 0x00200000;

export function parseStat(text: string): ProcessStat {
  const close = text.lastIndexOf(")");
  const fields = text.slice(close + 2).split(" ");
  return {
    name: text.slice(text.indexOf("(") + 1, close),
    state: fields[0] ?? "X",
    parentPid: Number(fields[1] ?? 0),
    isKernelThread: (Number(fields[6] ?? 0) & PF_KTHREAD) !== 0,
    startTimeTicks: Number(fields[19] ?? 0),
  };
}

export function readStat(proc: ProcFs, pid: number): Result<ProcessStat, ProcFailure> {
  const text = proc.readText(`${pid}/stat`);
  return text.ok ? ok(parseStat(text.value)) : text;
}

export interface TaskState {
  readonly taskId: number;
  readonly state: string;
}

/** States of all threads; those that end while we look are left out. Empty when the process is gone. */
export function readTaskStates(proc: ProcFs, pid: number): TaskState[] {
  const names = proc.list(`${pid}/task`);
  if (!names.ok) return [];
  const states: TaskState[] = [];
  for (const name of names.value) {
    const text = proc.readText(`${pid}/task/${name}/stat`);
    if (text.ok) states.push({ taskId: Number(name), state: parseStat(text.value).state });
  }
  return states;
}

/** Stopped by a signal or by a debugger. */
export function isStoppedState(state: string): boolean {
  return state === "T" || state === "t";
}

/** Ended: it runs no more code. */
export function isDeadState(state: string): boolean {
  return state === "Z" || state === "X" || state === "x";
}
