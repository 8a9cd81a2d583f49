// Which process is meant: by pid, by a pattern over command lines, or among what a started command has become.

import { fail, ok, type Result } from "../../base/result.ts";
import { redactCommand } from "../../base/secrets.ts";
import { shellWord } from "../../base/format-shell.ts";
import { descendantsOf, type ListedProcess, listProcesses } from "../../capture/list-processes.ts";
import { openProcFs } from "../../capture/proc-fs.ts";

export interface ChosenTarget {
  readonly pid: number;
  /** It and the processes of the same program beside it, in order of pid. */
  readonly workers: readonly number[];
  readonly notices: readonly string[];
}

const MOST_LISTED = 8;

/** The process itself, when it is one that serves; the largest of its workers, when it only supervises them. */
export function chooseByPid(pid: number): ChosenTarget {
  const all = listProcesses(openProcFs());
  return { pid, workers: siblingsOf(all, pid), notices: [] };
}

/**
 * The Python processes whose command line matches. They have to belong together - one of them, or workers of one parent:
 * then the largest is diagnosed. Fails with a sentence otherwise.
 */
export function chooseByPattern(pattern: RegExp): Result<ChosenTarget, string> {
  const all = listProcesses(openProcFs());
  const matching = all.filter(({ command }) => pattern.test(command.join(" ")));
  const pythons = matching.filter(({ pid }) => hasPythonMapped(pid));
  if (pythons.length === 0) return fail(noneSentence(pattern, matching.length));
  const families = familiesOf(pythons);
  const [family, ...others] = families;
  return family === undefined || others.length > 0 ? fail(manySentence(pattern, families)) : ok(largestOf(family));
}

/** The Python process that a started command has become; null while there is none. */
export function chooseDescendant(ancestor: number): ChosenTarget | null {
  const pythons = descendantsOf(listProcesses(openProcFs()), ancestor).filter(({ pid }) => hasPythonMapped(pid));
  return pythons.length === 0 ? null : largestOf(pythons);
}

/** Quick enough for a thousand processes; whether the interpreter is one that we know is asked of the chosen one only. */
function hasPythonMapped(pid: number): boolean {
  const maps = openProcFs().readText(`${pid}/maps`);
  return maps.ok && /\/.*python/i.test(maps.value);
}

/** A supervisor does no work itself; its workers do. */
function largestOf(family: readonly ListedProcess[]): ChosenTarget {
  const children = family.filter(({ parentPid }) => family.some(({ pid }) => pid === parentPid));
  const candidates = children.length === 0 ? family : children;
  const largest = candidates.reduce((best, each) => (each.privateBytes > best.privateBytes ? each : best));
  const others = candidates.length - 1;
  const notices =
    others === 0
      ? []
      : [
          `${candidates.length} workers were found; ${largest.pid}, the largest, is diagnosed. Compare with another by its pid.`,
        ];
  return { pid: largest.pid, workers: candidates.map(({ pid }) => pid), notices };
}

/** Processes with the same parent and the same program, `pid` included. */
function siblingsOf(all: readonly ListedProcess[], pid: number): readonly number[] {
  const own = all.find((each) => each.pid === pid);
  if (own === undefined || own.parentPid <= 1) return [pid];
  const program = own.command.join("\0");
  return all
    .filter((each) => each.parentPid === own.parentPid && each.command.join("\0") === program)
    .map((each) => each.pid);
}

/** A process belongs to the family of its parent if that is in the list too, and to that of processes beside it. */
function familiesOf(processes: readonly ListedProcess[]): readonly (readonly ListedProcess[])[] {
  const families = new Map<number, ListedProcess[]>();
  const byPid = new Map(processes.map((each) => [each.pid, each]));
  for (const each of processes) {
    const head = headOf(each, byPid);
    const family = families.get(head);
    if (family === undefined) families.set(head, [each]);
    else family.push(each);
  }
  return [...families.values()];
}

function headOf(each: ListedProcess, byPid: ReadonlyMap<number, ListedProcess>): number {
  let head = each;
  for (let steps = 0; steps < byPid.size; steps++) {
    const parent = byPid.get(head.parentPid);
    if (parent === undefined) return head.parentPid > 1 && sameProgramBeside(head, byPid) ? head.parentPid : head.pid;
    head = parent;
  }
  return head.pid;
}

function sameProgramBeside(each: ListedProcess, byPid: ReadonlyMap<number, ListedProcess>): boolean {
  const program = each.command.join("\0");
  return [...byPid.values()].some(
    (other) => other.pid !== each.pid && other.parentPid === each.parentPid && other.command.join("\0") === program,
  );
}

function noneSentence(pattern: RegExp, matching: number): string {
  if (matching === 0)
    return `no process of yours has a command line that matches /${pattern.source}/; \`ps -eo pid,args\` shows them all`;
  return `${matching === 1 ? "the process that matches" : `none of the ${matching} processes that match`} /${pattern.source}/ is a Python process that can be read; \`deadweight doctor PID\` says why`;
}

function manySentence(pattern: RegExp, families: readonly (readonly ListedProcess[])[]): string {
  const heads = families.flatMap((family) => family.slice(0, 1));
  const lines = heads.slice(0, MOST_LISTED).map(({ pid, command }) => `  ${pid}  ${commandWords(command)}`);
  const more = heads.length - lines.length;
  return [
    `/${pattern.source}/ matches ${heads.length} programs, and one can be diagnosed at a time. Give a pid, or a pattern that fits one only:`,
    ...lines,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join("\n");
}

function commandWords(command: readonly string[]): string {
  const words = redactCommand(command).map(shellWord).join(" ");
  return words.length <= 90 ? words : `${words.slice(0, 89)}…`;
}
