// Which processes a watch is about, now: asked again and again, since workers come and go.

import { fail, ok, type Result } from "../../base/result.ts";
import { formatCount } from "../../base/format-count.ts";
import { type ListedProcess, listProcesses } from "../../capture/list-processes.ts";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import type { WatchTarget } from "./watch-session.ts";

/** Each costs a snapshot, and a line of the view. */
const MOST_TOGETHER = 16;

/** Looks once more; pids in order. Fails with a sentence. */
export type FindWorkers = () => Result<readonly number[], string>;

export function createFinder(target: WatchTarget, proc: ProcFs = openProcFs()): FindWorkers {
  if (target.kind === "match") return () => matching(proc, target.pattern);
  if (target.alone) return () => ok([target.pid]);
  // Whose program and parent the workers share is settled at first: the process that was named may be recycled.
  const all = listProcesses(proc);
  const named = all.find(({ pid }) => pid === target.pid);
  if (named === undefined) return () => ok([target.pid]);
  const parent = parentOfWorkers(all, named);
  if (parent === null) return () => ok([target.pid]);
  const program = programOf(named);
  return () => {
    const workers = listProcesses(proc).filter((each) => each.parentPid === parent && programOf(each) === program);
    return notTooMany(workers, `process ${target.pid} has`);
  };
}

/** Its own pid when it only supervises others of its program; its parent when they stand beside it; null when it is alone. */
function parentOfWorkers(all: readonly ListedProcess[], named: ListedProcess): number | null {
  const alike = all.filter((each) => each.pid !== named.pid && programOf(each) === programOf(named));
  if (alike.some(({ parentPid }) => parentPid === named.pid)) return named.pid;
  const isBeside = named.parentPid > 1 && alike.some(({ parentPid }) => parentPid === named.parentPid);
  return isBeside ? named.parentPid : null;
}

function programOf({ command }: ListedProcess): string {
  return command.join("\0");
}

function matching(proc: ProcFs, pattern: RegExp): Result<readonly number[], string> {
  const found = listProcesses(proc).filter(({ command }) => pattern.test(command.join(" ")));
  const pythons = found.filter(({ pid }) => hasPythonMapped(proc, pid));
  // Who only supervises holds next to nothing, and its workers are all there.
  const workers = pythons.filter(
    (each) => !pythons.some(({ parentPid, pid }) => parentPid === each.pid && pid !== each.pid),
  );
  return notTooMany(workers, `/${pattern.source}/ matches`);
}

/** Quick enough for a thousand processes; whether it can be read is asked of each when it is watched. */
function hasPythonMapped(proc: ProcFs, pid: number): boolean {
  const maps = proc.readText(`${pid}/maps`);
  return maps.ok && /\/.*python/i.test(maps.value);
}

function notTooMany(workers: readonly ListedProcess[], who: string): Result<readonly number[], string> {
  if (workers.length <= MOST_TOGETHER) return ok(workers.map(({ pid }) => pid));
  const first = workers.slice(0, 5).map(({ pid }) => pid);
  return fail(
    `${who} ${formatCount(workers.length)} Python processes, and at most ${MOST_TOGETHER} are watched together: a snapshot is taken of each. Give a narrower pattern, or one of them with --alone: ${first.join(", ")}, ...`,
  );
}
