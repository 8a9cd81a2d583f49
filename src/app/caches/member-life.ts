// Whether a process that is named by pid and start lives, and whether it is one whose life can be looked up from here.

import { readFileSync, readlinkSync } from "node:fs";
import type { ProcFs } from "../../capture/proc-fs.ts";
import { readRunState } from "../../capture/process-signals/run-state.ts";
import type { Member } from "../../govern/table-layout.ts";

/** USER_HZ, as in run-state.ts. */
const TICKS_PER_SECOND = 100;

/** False is proof: no process has this pid, or it started at another time. */
export function isAlive(proc: ProcFs, { pid, startTicks }: Pick<Member, "pid" | "startTicks">): boolean {
  const state = readRunState(proc, pid);
  return state !== null && !state.isDead && state.startTimeTicks - shiftTicks(proc) === startTicks;
}

/** How far boot is moved in our time namespace (time_namespaces(7)); almost always 0. Members may be in another one. */
function shiftTicks(proc: ProcFs): number {
  const offsets = proc.readText("self/timens_offsets");
  const [, seconds = "0"] = /^boottime\s+(-?\d+)/m.exec(offsets.ok ? offsets.value : "") ?? [];
  return Number(seconds) * TICKS_PER_SECOND;
}

/**
 * The boot and the pid namespace of this process, as `place_of` in python/src/deadweight/_redis/follower.py has it: pids of members
 * that say the same are pids here. Null where /proc does not say. Names of hosts prove nothing: containers may share one.
 */
export function ownPlace(): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return null;
  }
}
