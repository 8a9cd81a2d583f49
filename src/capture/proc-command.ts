// What a process calls itself: its arguments and the file it runs.

import type { ProcFs } from "./proc-fs.ts";

/** Arguments as given at start; empty when they cannot be read or the process overwrote them. */
export function readCommand(proc: ProcFs, pid: number): readonly string[] {
  const text = proc.readText(`${pid}/cmdline`);
  if (!text.ok || text.value === "") return [];
  return text.value.replace(/\0+$/, "").split("\0");
}

/** Path of the executable as the target sees it; "" when it cannot be read. */
export function readExecutable(proc: ProcFs, pid: number): string {
  const link = proc.readLink(`${pid}/exe`);
  return link.ok ? link.value : "";
}
