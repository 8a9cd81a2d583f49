// Every process that this user may see, with what is needed to choose among them. A process that ends meanwhile is left out.

import { readCommand } from "./proc-command.ts";
import type { ProcFs } from "./proc-fs.ts";
import { isDeadState, readStat } from "./proc-stat.ts";

export interface ListedProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly startTimeTicks: number;
  readonly command: readonly string[];
  /** Of memory that is its own, as statm says it: resident minus shared. */
  readonly privateBytes: number;
}

const PAGE_BYTES = 4096;

/** Kernel threads, zombies and our own process are left out. By pid. */
export function listProcesses(proc: ProcFs): readonly ListedProcess[] {
  const names = proc.list(".");
  if (!names.ok) return [];
  return names.value
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
    .flatMap((pid) => listed(proc, pid));
}

/** `ancestor` and what descends from it, in order of pid. */
export function descendantsOf(all: readonly ListedProcess[], ancestor: number): readonly ListedProcess[] {
  const found = new Set([ancestor]);
  // A child may have a smaller pid than its parent once pids have wrapped around.
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { pid, parentPid } of all) if (found.has(parentPid)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

function listed(proc: ProcFs, pid: number): readonly ListedProcess[] {
  if (pid === process.pid) return [];
  const stat = readStat(proc, pid);
  if (!stat.ok || stat.value.isKernelThread || isDeadState(stat.value.state)) return [];
  const statm = proc.readText(`${pid}/statm`);
  const [, resident = 0, shared = 0] = statm.ok ? statm.value.split(" ").map(Number) : [];
  const { parentPid, startTimeTicks } = stat.value;
  const privateBytes = (resident - shared) * PAGE_BYTES;
  return [{ pid, parentPid, startTimeTicks, command: readCommand(proc, pid), privateBytes }];
}
