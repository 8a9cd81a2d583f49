// What a pid stands for, before anything is stopped: a process we can read, or one clear reason why not.
// The order matters: each check relies on those before it.

import { fail, ok, type Result } from "../base/result.ts";
import type { TargetError } from "../model/target-error.ts";
import { readCommand, readExecutable } from "./proc-command.ts";
import type { ProcFs } from "./proc-fs.ts";
import { readStat } from "./proc-stat.ts";
import { type ProcessStatus, readStatus } from "./proc-status.ts";

export interface TargetFacts {
  readonly pid: number;
  readonly startTimeTicks: number;
  readonly command: readonly string[];
  /** As the target sees it. */
  readonly executable: string;
  readonly uid: number;
  readonly threads: number;
  /** Its pid inside its own pid namespace; `pid` outside containers. */
  readonly namespacePid: number;
  /** Its files are not ours: open them through /proc/PID/root. */
  readonly isContainerised: boolean;
}

export function classifyTarget(proc: ProcFs, pid: number): Result<TargetFacts, TargetError> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return fail({ code: "no-such-process", pid });
  if (pid === process.pid) return fail({ code: "cannot-stop", pid, detail: "this is the running command itself" });
  const stat = readStat(proc, pid);
  const status = readStatus(proc, pid);
  if (!stat.ok || !status.ok) return fail(invisible(proc, pid));
  if (stat.value.state === "Z") return fail({ code: "zombie", pid });
  if (stat.value.state === "X" || stat.value.state === "x") return fail({ code: "exited-during-read", pid });
  if (stat.value.isKernelThread) return fail({ code: "kernel-thread", pid, name: stat.value.name });
  const refusal = checkAccess(proc, pid, status.value);
  if (refusal !== null) return fail(refusal);
  const executable = readExecutable(proc, pid);
  if (isElf32(proc, pid)) return fail({ code: "not-64-bit", pid, executable });
  return ok({
    pid,
    startTimeTicks: stat.value.startTimeTicks,
    command: readCommand(proc, pid),
    executable,
    uid: status.value.uid,
    threads: status.value.threads,
    namespacePid: status.value.namespacePids.at(-1) ?? pid,
    isContainerised: isContainerised(proc, pid),
  });
}

/** The directory is missing: no such process, or one that `hidepid` keeps from us. */
function invisible(proc: ProcFs, pid: number): TargetError {
  try {
    process.kill(pid, 0);
  } catch (error) {
    const isHidden = error instanceof Error && "code" in error && error.code === "EPERM";
    return isHidden ? permission(proc, pid, -1) : { code: "no-such-process", pid };
  }
  return { code: "exited-during-read", pid };
}

function checkAccess(proc: ProcFs, pid: number, status: ProcessStatus): TargetError | null {
  const memory = proc.open(`${pid}/mem`);
  if (memory.ok) {
    memory.value[Symbol.dispose]();
    return null;
  }
  if (memory.error === "absent") return { code: "exited-during-read", pid };
  return permission(proc, pid, status.uid);
}

/** `ownerUid` is -1 when even that is hidden. */
function permission(proc: ProcFs, pid: number, ownerUid: number): TargetError {
  const ourselves = readStatus(proc, "self");
  return {
    code: "permission",
    pid,
    ownerUid,
    ourUid: ourselves.ok ? ourselves.value.effectiveUid : (process.geteuid?.() ?? -1),
    yamaScope: readYamaScope(proc),
    hasPtraceCapability: ourselves.ok && ourselves.value.hasPtraceCapability,
  };
}

/** 0 open, 1 only descendants, 2 only with CAP_SYS_PTRACE, 3 nobody; null when Yama is not there. */
export function readYamaScope(proc: ProcFs): number | null {
  const text = proc.readText("sys/kernel/yama/ptrace_scope");
  return text.ok ? Number.parseInt(text.value, 10) : null;
}

function isElf32(proc: ProcFs, pid: number): boolean {
  const opened = proc.open(`${pid}/exe`);
  if (!opened.ok) return false;
  using file = opened.value;
  const header = new Uint8Array(5);
  if (file.readInto(header, 0, 5, 0) !== 5) return false;
  const isElf = header[0] === 0x7f && header[1] === 0x45 && header[2] === 0x4c && header[3] === 0x46;
  return isElf && header[4] === 1;
}

function isContainerised(proc: ProcFs, pid: number): boolean {
  return differs(proc, pid, "ns/mnt") || differs(proc, pid, "ns/pid") || hasOwnRoot(proc, pid);
}

function differs(proc: ProcFs, pid: number, link: string): boolean {
  const theirs = proc.readLink(`${pid}/${link}`);
  const ours = proc.readLink(`self/${link}`);
  return theirs.ok && ours.ok && theirs.value !== ours.value;
}

function hasOwnRoot(proc: ProcFs, pid: number): boolean {
  const root = proc.readLink(`${pid}/root`);
  return root.ok && root.value !== "/";
}
