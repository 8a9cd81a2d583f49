// Did the kernel kill a process for want of memory? It leaves no word with the process, only counters of its group and the machine.

import type { OomKill } from "../../model/process-end.ts";
import type { ProcFs } from "../proc-fs.ts";
import type { ControlGroup } from "./control-group.ts";

/** Kills so far; null where the kernel does not say. */
export interface OomCounts {
  /** Of the process's own group, then of those around it as far as they count what happens below them. */
  readonly groups: readonly (number | null)[];
  readonly machine: number | null;
}

/**
 * Version 2 counts a kill in the group of the process and in all groups around it (memcg_memory_event in include/linux/memcontrol.h), so
 * that these still tell of a container whose own group went with it. Version 1 counts it in the own group only.
 */
export function readOomCounts(proc: ProcFs, root: ProcFs, group: ControlGroup | null): OomCounts {
  const folders = group === null ? [] : group.version === 2 ? group.folders : group.folders.slice(0, 1);
  const file = group?.version === 1 ? "memory.oom_control" : "memory.events";
  return {
    groups: folders.map((folder) => countIn(root, `${folder}/${file}`)),
    // Since Linux 4.13; kills within groups are counted, too.
    machine: countIn(proc, "vmstat"),
  };
}

function countIn(files: ProcFs, path: string): number | null {
  const text = files.readText(path);
  const found = text.ok ? /^oom_kill (\d+)$/m.exec(text.value) : null;
  return found === null ? null : Number(found[1]);
}

/** What two readings say of the time between them. The innermost group that can be read at both times decides. */
export function oomKillBetween(before: OomCounts, after: OomCounts): OomKill | null {
  for (const [at, count] of after.groups.entries()) {
    const first = before.groups[at] ?? null;
    if (count !== null && first !== null) return count > first ? "group" : null;
  }
  return before.machine !== null && after.machine !== null && after.machine > before.machine ? "machine" : null;
}
