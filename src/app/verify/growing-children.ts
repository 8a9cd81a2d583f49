// What happens beside the process that is looked at: a scenario may leave things behind in a child of it.

import { formatBytes } from "../../base/format-bytes.ts";
import { listProcesses } from "../../capture/list-processes.ts";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import { readMemoryStatus } from "../../capture/process-signals/memory-status.ts";

/** Resident bytes of each child, by pid. */
export type ChildSizes = ReadonlyMap<number, number>;

/** Less is what any process takes while it works. */
const TELLING_BYTES: number = 2 ** 20;

export function childSizes(pid: number, proc: ProcFs = openProcFs()): ChildSizes {
  const children = listProcesses(proc).filter(({ parentPid }) => parentPid === pid);
  return new Map(
    children.flatMap((child): [number, number][] => {
      const status = readMemoryStatus(proc, child.pid);
      return status.ok ? [[child.pid, status.value.rssBytes]] : [];
    }),
  );
}

/** A sentence per child that grew; its heap is not looked at, so that is no proof. */
export function grownChildren(before: ChildSizes, after: ChildSizes): readonly string[] {
  return [...after].flatMap(([pid, bytes]) => {
    const grown = bytes - (before.get(pid) ?? bytes);
    if (grown < TELLING_BYTES) return [];
    return [
      `Its child process ${pid} grew by ${formatBytes(grown)} meanwhile, and was not looked into: give --pid ${pid}, with the scenario as a command of its own.`,
    ];
  });
}
