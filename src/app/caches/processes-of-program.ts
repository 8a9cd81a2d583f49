// Every process of a program: for a clear nobody may be left out, idle workers and the supervisor that forks the next ones included.

import { fail, ok, type Result } from "../../base/result.ts";
import { descendantsOf, type ListedProcess, listProcesses } from "../../capture/list-processes.ts";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import { ancestorsOf, isWorkerOf, siblingsOf, workersOf } from "../diagnose/process-families.ts";

/** Of a process, or of those whose command line matches; in order of pid. A failure is a sentence. O(processes). */
export function processesOfProgram(
  target: number | RegExp,
  proc: ProcFs = openProcFs(),
): Result<readonly number[], string> {
  const all = listProcesses(proc);
  const isPython = ({ pid }: ListedProcess): boolean => {
    const maps = proc.readText(`${pid}/maps`);
    return maps.ok && /\/.*python/i.test(maps.value);
  };
  const meant = typeof target === "number" ? byPid(all, target, isPython) : byPattern(all, target).filter(isPython);
  if (meant.length === 0)
    return typeof target === "number"
      ? fail(`there is no Python process ${target}, and none below it; \`deadweight doctor ${target}\` says why`)
      : fail(
          `no Python process of yours has a command line that matches /${target.source}/; \`ps -eo pid,args\` shows all`,
        );
  const pids = new Set(
    meant
      .flatMap((each) => programOf(all, each))
      .filter(isPython)
      .map(({ pid }) => pid),
  );
  return ok([...pids].toSorted((a, b) => a - b));
}

function byPid(
  all: readonly ListedProcess[],
  target: number,
  isPython: (each: ListedProcess) => boolean,
): readonly ListedProcess[] {
  const own = all.filter(({ pid }) => pid === target);
  // A shell or an init stands for what it has started.
  return own.some(isPython) ? own : descendantsOf(all, target).filter(isPython);
}

/** What started this command is never meant. */
function byPattern(all: readonly ListedProcess[], pattern: RegExp): readonly ListedProcess[] {
  const ours = ancestorsOf(all, process.ppid);
  return all.filter(({ pid, command }) => !ours.has(pid) && pattern.test(command.join(" ")));
}

function programOf(all: readonly ListedProcess[], own: ListedProcess): readonly ListedProcess[] {
  const heads = siblingsOf(all, headOf(all, own));
  return heads.flatMap((head) => [head, ...workersOf(all, head)]);
}

/** The first process of the program: the supervisor, where there is one. */
function headOf(all: readonly ListedProcess[], own: ListedProcess): ListedProcess {
  const parent = all.find(({ pid }) => pid === own.parentPid);
  return parent !== undefined && isWorkerOf(own, parent) ? headOf(all, parent) : own;
}
