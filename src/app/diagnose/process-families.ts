// Which processes belong together: a supervisor and its workers, or the workers of one parent.

import { descendantsOf, type ListedProcess } from "../../capture/list-processes.ts";

/** Processes of one program; `head` is the one that started the others, or the first of those beside each other. */
export interface ProcessFamily {
  readonly head: ListedProcess;
  readonly members: readonly ListedProcess[];
}

/** A process belongs to the family of its parent if that is among them too, and to that of equal processes beside it. O(n). */
export function familiesOf(processes: readonly ListedProcess[]): readonly ProcessFamily[] {
  const byPid = new Map(processes.map((each) => [each.pid, each]));
  const beside = new Map<string, ListedProcess>();
  const families = new Map<number, { readonly head: ListedProcess; readonly members: ListedProcess[] }>();
  for (const each of processes) {
    const top = topOf(each, byPid);
    const place = `${top.parentPid}\0${top.command.join("\0")}`;
    const head = top.parentPid > 1 ? (beside.get(place) ?? top) : top;
    beside.set(place, head);
    const family = families.get(head.pid);
    if (family === undefined) families.set(head.pid, { head, members: [each] });
    else family.members.push(each);
  }
  return [...families.values()];
}

function topOf(each: ListedProcess, byPid: ReadonlyMap<number, ListedProcess>): ListedProcess {
  let top = each;
  for (let steps = 0; steps < byPid.size; steps++) {
    const parent = byPid.get(top.parentPid);
    if (parent === undefined) return top;
    top = parent;
  }
  return top;
}

/** What runs the same program as `parent` below it: forked, or started again to do its work. Trackers of resources do none. */
export function workersOf(all: readonly ListedProcess[], parent: ListedProcess): readonly ListedProcess[] {
  return descendantsOf(all, parent.pid).filter((each) => each.pid !== parent.pid && isWorkerOf(each, parent));
}

/** Runs the program of `parent`, as far as command lines and titles tell. */
export function isWorkerOf({ command }: ListedProcess, parent: ListedProcess): boolean {
  const text = command.join(" ");
  // CPython: Lib/multiprocessing/spawn.py and forkserver.py, which say so on their command lines; resource_tracker.py likewise.
  if (text.includes("multiprocessing.resource_tracker")) return false;
  if (text.includes("--multiprocessing-fork") || text.includes("multiprocessing.forkserver")) return true;
  const own = parent.command.join(" ");
  return text === own || (titleOf(text) !== null && titleOf(text) === titleOf(own));
}

/** The program in a title that it gave itself: `gunicorn: worker [shop]`, `[celeryd: a@b:MainProcess]`. */
function titleOf(text: string): string | null {
  return /^\[?([\w.-]+): /.exec(text)?.[1] ?? null;
}

/** Processes with the same parent and the same program, `own` included. */
export function siblingsOf(all: readonly ListedProcess[], own: ListedProcess): readonly ListedProcess[] {
  if (own.parentPid <= 1) return [own];
  const parent = all.find(({ pid }) => pid === own.parentPid);
  const program = own.command.join("\0");
  return all.filter((each) => {
    if (each.pid === own.pid) return true;
    if (each.parentPid !== own.parentPid) return false;
    return each.command.join("\0") === program || (parent !== undefined && bothWork(each, own, parent));
  });
}

function bothWork(a: ListedProcess, b: ListedProcess, parent: ListedProcess): boolean {
  return isWorkerOf(a, parent) && isWorkerOf(b, parent);
}

/** `pid` and what started it. */
export function ancestorsOf(all: readonly ListedProcess[], pid: number): ReadonlySet<number> {
  const byPid = new Map(all.map((each) => [each.pid, each]));
  const found = new Set<number>();
  for (let at = pid; at > 0 && !found.has(at); at = byPid.get(at)?.parentPid ?? 0) found.add(at);
  return found;
}
