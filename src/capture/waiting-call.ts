// What the main thread of a process does in the kernel, in one word, for a person who waits for it.

import type { ProcFs } from "./proc-fs.ts";
import { readStat } from "./proc-stat.ts";

/** Numbers of x86-64: arch/x86/entry/syscalls/syscall_64.tbl. Those that programs wait in. */
const X64: Readonly<Record<number, string>> = {
  0: "read",
  7: "poll",
  23: "select",
  35: "nanosleep",
  43: "accept",
  45: "recvfrom",
  47: "recvmsg",
  61: "wait4",
  72: "fcntl",
  128: "rt_sigtimedwait",
  202: "futex (a lock)",
  // A wait with a time limit that goes on after a stop.
  219: "a system call with a time limit",
  230: "clock_nanosleep",
  232: "epoll_wait",
  247: "waitid",
  270: "pselect6",
  271: "ppoll",
  281: "epoll_pwait",
  288: "accept4",
};

/** Null when the thread runs, or when the kernel does not say. */
export function waitingCall(proc: ProcFs, pid: number): string | null {
  const stat = readStat(proc, pid);
  if (!stat.ok || stat.value.state === "R") return null;
  if (stat.value.state === "T" || stat.value.state === "t") return "state stopped";
  const text = proc.readText(`${pid}/syscall`);
  const number = text.ok ? /^(\d+) /.exec(text.value)?.[1] : undefined;
  if (number === undefined) return "the kernel";
  return (process.arch === "x64" ? X64[Number(number)] : undefined) ?? `system call ${number}`;
}
