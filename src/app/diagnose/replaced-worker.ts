// Supervisors replace their workers, some after a number of requests: what ended during a watch may have been told to.

import { countOf } from "../../base/format-count.ts";
import { listProcesses } from "../../capture/list-processes.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import { readStat } from "../../capture/proc-stat.ts";

/** Asked before the process is watched. What it gives is asked when it has ended: a sentence, or null when nobody replaced it. */
export function replacementOf(pid: number): () => string | null {
  const proc = openProcFs();
  const stat = readStat(proc, pid);
  const parentPid = stat.ok ? stat.value.parentPid : 0;
  const before = new Set(listProcesses(proc).map((each) => each.pid));
  return () => {
    // Everything that has lost its parent belongs to process 1.
    if (parentPid <= 1) return null;
    const since = listProcesses(proc).filter((each) => each.parentPid === parentPid && !before.has(each.pid));
    const [newest] = since.map((each) => each.pid).toReversed();
    if (newest === undefined) return null;
    return `Its parent ${parentPid} has started ${countOf(since.length, "process", "processes")} since, ${newest} the last: a worker that is replaced so soon needs a shorter --for, or a higher limit of requests for the time of the diagnosis.`;
  };
}
