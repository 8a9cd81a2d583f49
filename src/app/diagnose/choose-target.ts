// Which process is meant: by pid, by a pattern over command lines, or among what a started command has become. A supervisor
// does no work itself, so its busiest worker is taken.

import { shellWord } from "../../base/format-shell.ts";
import { countOf } from "../../base/format-count.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { redactCommand } from "../../base/secrets.ts";
import { descendantsOf, type ListedProcess, listProcesses } from "../../capture/list-processes.ts";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import { byWork, type ProcessWork } from "./busiest-process.ts";
import { ancestorsOf, familiesOf, isWorkerOf, type ProcessFamily, siblingsOf, workersOf } from "./process-families.ts";

export interface ChosenTarget {
  readonly pid: number;
  /** It and the processes of the same program beside it, in order of pid. */
  readonly workers: readonly number[];
  readonly notices: readonly string[];
}

/** Where to look and for how long; tests look at recorded trees. */
export interface Looking {
  readonly proc: ProcFs;
  /** How long CPU time is compared when there are several workers. */
  readonly lookMs: number;
  readonly ownPid: number;
}

const LOOK_MS = 1000;
const MOST_LISTED = 8;

function realLooking(): Looking {
  return { proc: openProcFs(), lookMs: LOOK_MS, ownPid: process.pid };
}

/** The process itself, when it is one that serves; the busiest of its workers, when it only supervises them. */
export async function chooseByPid(pid: number, looking: Looking = realLooking()): Promise<ChosenTarget> {
  const all = listProcesses(looking.proc);
  const own = all.find((each) => each.pid === pid);
  if (own === undefined) return { pid, workers: [pid], notices: [] };
  return hasPythonMapped(pid, looking) ? await chooseBelow(own, all, looking) : await chooseWrapped(own, all, looking);
}

/**
 * The Python processes whose command line matches. They have to belong together: one process, or a supervisor and its workers, or
 * workers of one parent. Fails with a sentence otherwise. What started this command is never meant.
 */
export async function chooseByPattern(
  pattern: RegExp,
  looking: Looking = realLooking(),
): Promise<Result<ChosenTarget, string>> {
  const all = listProcesses(looking.proc);
  const ours = new Set([looking.ownPid, ...ancestorsOf(all, parentPidOf(looking))]);
  const found = all.filter(({ command }) => pattern.test(command.join(" ")));
  const matching = found.filter(({ pid }) => !ours.has(pid));
  const pythons = matching.filter(({ pid }) => hasPythonMapped(pid, looking));
  if (pythons.length === 0) return fail(noneSentence(pattern, matching.length, found.length - matching.length));
  const families = familiesOf(pythons);
  const [family, ...others] = families;
  if (family === undefined || others.length > 0) return fail(manySentence(pattern, families));
  const { head, members } = family;
  const isBeside = members.length > 1 && members.every(({ parentPid }) => parentPid === head.parentPid);
  if (!isBeside) return ok(await chooseBelow(head, all, looking));
  return ok(busiest(await byWork(members, looking.proc, looking.lookMs), ""));
}

/** Whether a Python process has come of a started command. */
export function hasPythonBelow(ancestor: number): boolean {
  const looking = realLooking();
  return descendantsOf(listProcesses(looking.proc), ancestor).some(({ pid }) => hasPythonMapped(pid, looking));
}

/** The Python process that a started command has become; null while there is none. */
export async function chooseDescendant(
  ancestor: number,
  looking: Looking = realLooking(),
): Promise<ChosenTarget | null> {
  const all = listProcesses(looking.proc);
  const pythons = descendantsOf(all, ancestor).filter(({ pid }) => hasPythonMapped(pid, looking));
  const [head] = topFirst(pythons);
  return head === undefined ? null : await chooseBelow(head, all, looking);
}

/** `head` is a Python process. */
async function chooseBelow(
  head: ListedProcess,
  all: readonly ListedProcess[],
  looking: Looking,
): Promise<ChosenTarget> {
  const workers = workersOf(all, head).filter(({ pid }) => hasPythonMapped(pid, looking));
  if (workers.length === 0) return { pid: head.pid, workers: pidsOf(siblingsOf(all, head)), notices: [] };
  const work = await byWork([head, ...workers], looking.proc, looking.lookMs);
  const own = work.find(({ process }) => process === head);
  const others = work.filter((each) => each !== own);
  const words = own === undefined ? null : supervisorWords(own, others, all, looking);
  if (words !== null) return busiest(others, words);
  return { pid: head.pid, workers: [head.pid], notices: [ownWorkNotice(head, others.length)] };
}

/** A shell, an init or a tool that started a Python program. */
async function chooseWrapped(
  own: ListedProcess,
  all: readonly ListedProcess[],
  looking: Looking,
): Promise<ChosenTarget> {
  const asked: ChosenTarget = { pid: own.pid, workers: [own.pid], notices: [] };
  const pythons = descendantsOf(all, own.pid).filter(({ pid }) => hasPythonMapped(pid, looking));
  const families = familiesOf(pythons);
  const [family, ...others] = families;
  if (family === undefined || others.length > 0) return asked;
  const chosen = await chooseBelow(family.head, all, looking);
  const said = `Process ${own.pid} is no Python process; ${chosen.pid}, which it started, is diagnosed.`;
  return { ...chosen, notices: [said, ...chosen.notices] };
}

/** Of the CPU time of its workers; a supervisor only waits and forks. */
const LARGEST_SUPERVISOR_SHARE = 0.1;
/** A process that collects the results of its workers is larger than they are. */
const LEAST_WORKER_SHARE = 0.5;
/** Servers whose first process runs nothing of the program when there are workers; they may say so in the title of the process. */
const SUPERVISORS =
  /(?:^| )\[?(gunicorn|celeryd?|uwsgi|uvicorn(?=.* --(?:workers|reload))|hypercorn|granian|dramatiq)\b/;

/** "gunicorn" for both `/srv/venv/bin/gunicorn ...` and `python -m gunicorn ...`; null for others. */
function knownSupervisor(command: readonly string[]): string | null {
  const names = command.map((word) => word.slice(word.lastIndexOf("/") + 1)).join(" ");
  return SUPERVISORS.exec(names)?.[1] ?? null;
}

/** In words why a process leaves all work to its workers; null when it does not. */
function supervisorWords(
  own: ProcessWork,
  workers: readonly ProcessWork[],
  all: readonly ListedProcess[],
  { lookMs }: Looking,
): string | null {
  const { process } = own;
  const known = knownSupervisor(process.command);
  const parent = all.find(({ pid }) => pid === process.parentPid);
  // A worker of such a server may have workers of its own, and work itself.
  const isWorker = parent !== undefined && isWorkerOf(process, parent);
  if (known !== null && !isWorker)
    return `Process ${process.pid} only supervises, as the first process of ${known} does. `;
  const recent = sumOf(workers);
  const largest = Math.max(...workers.map((each) => each.process.privateBytes));
  if (recent === 0 || own.recentSeconds > recent * LARGEST_SUPERVISOR_SHARE) return null;
  if (largest < process.privateBytes * LEAST_WORKER_SHARE) return null;
  const seconds = (value: number): string => `${value.toFixed(2)} s`;
  return `Process ${process.pid} only supervises: in ${lookMs / 1000} s it computed for ${seconds(own.recentSeconds)}, and ${countOf(workers.length, "worker")} below it for ${seconds(recent)}. `;
}

function sumOf(work: readonly ProcessWork[]): number {
  return work.reduce((sum, { recentSeconds }) => sum + recentSeconds, 0);
}

/** Of workers in the order of `byWork`; there is at least one. */
function busiest(work: readonly ProcessWork[], before: string): ChosenTarget {
  const [first, ...others] = work;
  if (first === undefined) throw new Error("there is a worker to choose");
  const { pid } = first.process;
  const workers = pidsOf(work.map(({ process }) => process));
  if (others.length === 0) {
    const only = before === "" ? [] : [`${before}Its worker ${pid} is diagnosed.`];
    return { pid, workers, notices: only };
  }
  const of = `Of ${work.length} workers ${pid}`;
  const said =
    first.recentSeconds > 0
      ? `${of}, the busiest, is diagnosed; compare with another by its pid.`
      : `${of}, which has worked most since it started, is diagnosed. All of them stood idle when we looked, and what nobody uses does not grow.`;
  return { pid, workers, notices: [`${before}${said}`] };
}

function ownWorkNotice({ pid }: ListedProcess, workers: number): string {
  return `Process ${pid} has ${countOf(workers, "process", "processes")} of the same program below it; they are not diagnosed with it, but each can be by its pid.`;
}

function pidsOf(processes: readonly ListedProcess[]): readonly number[] {
  return processes.map(({ pid }) => pid).toSorted((a, b) => a - b);
}

/** Those whose parent is not among them come first. */
function topFirst(processes: readonly ListedProcess[]): readonly ListedProcess[] {
  const pids = new Set(processes.map(({ pid }) => pid));
  return processes.toSorted((a, b) => Number(pids.has(a.parentPid)) - Number(pids.has(b.parentPid)));
}

/** Quick enough for a thousand processes; whether the interpreter is one that we know is asked of the chosen one only. */
/** Whether a file with python in its name is mapped: the interpreter, or its library. */
export function hasPythonMapped(pid: number, { proc }: Pick<Looking, "proc">): boolean {
  const maps = proc.readText(`${pid}/maps`);
  return maps.ok && /\/.*python/i.test(maps.value);
}

/** Our own process is not listed, so its ancestors are found from its parent. */
function parentPidOf({ proc, ownPid }: Looking): number {
  const stat = proc.readText(`${ownPid}/stat`);
  return stat.ok ? Number(/\) \S+ (\d+)/.exec(stat.value)?.[1] ?? 0) : 0;
}

function noneSentence(pattern: RegExp, matching: number, ours: number): string {
  if (matching === 0 && ours > 0)
    return `/${pattern.source}/ matches only what started this command; \`ps -eo pid,args\` shows all processes`;
  if (matching === 0)
    return `no process of yours has a command line that matches /${pattern.source}/; \`ps -eo pid,args\` shows them all`;
  const which =
    matching === 1
      ? `the process that matches /${pattern.source}/ is no Python process that can be read`
      : `none of the ${matching} processes that match /${pattern.source}/ is a Python process that can be read`;
  return `${which}; \`deadweight doctor PID\` says why`;
}

function manySentence(pattern: RegExp, families: readonly ProcessFamily[]): string {
  const lines = families.slice(0, MOST_LISTED).map(({ head }) => `  ${head.pid}  ${commandWords(head.command)}`);
  const more = families.length - lines.length;
  return [
    `/${pattern.source}/ matches ${families.length} programs, and one can be diagnosed at a time. Give a pid, or a pattern that fits one only:`,
    ...lines,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join("\n");
}

function commandWords(command: readonly string[]): string {
  const words = redactCommand(command).map(shellWord).join(" ");
  return words.length <= 90 ? words : `${words.slice(0, 89)}…`;
}
