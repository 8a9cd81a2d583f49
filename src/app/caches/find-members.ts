// Which processes the rows of a table mean. A process in a container has another pid there than here: it is found by that pid, its
// namespace and its start, and is taken for dead only by who sees into its namespace (pid_namespaces(7)).

import type { ProcFs } from "../../capture/proc-fs.ts";
import type { Member } from "../../govern/table-layout.ts";
import { isAlive } from "./member-life.ts";

export interface MembersFound {
  /** With the pids that they have here. */
  readonly alive: readonly Member[];
  /** Of namespaces that nobody here sees into: whether they live is not known. */
  readonly unseen: readonly Member[];
}

/** include/linux/proc_ns.h, PROC_PID_INIT_INO: who is in the first namespace sees all others. */
const FIRST_NAMESPACE = 0xeffffffc;

/** O(rows); O(processes) where some are in containers. */
export function findMembers(proc: ProcFs, rows: readonly Member[]): MembersFound {
  const here = namespaceOf(proc, "self");
  const isHere = ({ namespace }: Member): boolean => namespace === 0 || here === 0 || namespace === here;
  const alive = rows.filter((row) => isHere(row) && isAlive(proc, row));
  const elsewhere = rows.filter((row) => !isHere(row));
  if (elsewhere.length === 0) return { alive, unseen: [] };
  const seen = processesElsewhere(proc, here);
  const unseen: Member[] = [];
  for (const row of elsewhere) {
    const pid = seen.find((each) => isSame(proc, each, row))?.pid;
    const isSeenInto = here === FIRST_NAMESPACE || seen.some(({ namespace }) => namespace === row.namespace);
    if (pid !== undefined) alive.push({ ...row, pid });
    else if (!isSeenInto) unseen.push(row);
  }
  return { alive, unseen };
}

interface ProcessElsewhere {
  readonly pid: number;
  /** The pid that it has itself. */
  readonly ownPid: number;
  /** 0 where the kernel does not tell us. */
  readonly namespace: number;
}

/** Those that have more than one pid as they are seen from here. */
function processesElsewhere(proc: ProcFs, here: number): ProcessElsewhere[] {
  const listed = proc.list(".");
  return (listed.ok ? listed.value : [])
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const status = proc.readText(`${name}/status`);
      const pids = /^NSpid:\s*(.+)$/m.exec(status.ok ? status.value : "")?.[1]?.split(/\s+/) ?? [];
      const namespace = namespaceOf(proc, name);
      return pids.length < 2 || namespace === here
        ? []
        : [{ pid: Number(name), ownPid: Number(pids.at(-1)), namespace }];
    });
}

function isSame(proc: ProcFs, { pid, ownPid, namespace }: ProcessElsewhere, row: Member): boolean {
  const isThere = namespace === 0 || namespace === row.namespace;
  return isThere && ownPid === row.ownPid && isAlive(proc, { pid, startTicks: row.startTicks });
}

/** `pid:[4026531836]`; 0 where it cannot be read. */
function namespaceOf(proc: ProcFs, process: string): number {
  const link = proc.readLink(`${process}/ns/pid`);
  return Number(/\[(\d+)\]/.exec(link.ok ? link.value : "")?.[1] ?? 0);
}
