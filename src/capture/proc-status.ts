// /proc/PID/status: who owns a process, which capabilities it has, how it looks from inside its own pid namespace.

import { ok, type Result } from "../base/result.ts";
import type { ProcFailure, ProcFs } from "./proc-fs.ts";

export interface ProcessStatus {
  /** Real user id. */
  readonly uid: number;
  /** Effective user id. */
  readonly effectiveUid: number;
  readonly threads: number;
  /** The pid in each nested pid namespace, outermost first. */
  readonly namespacePids: readonly number[];
  readonly rssBytes: number;
  readonly swapBytes: number;
  /** 0 off, 1 strict, 2 filter; null when the kernel does not say. */
  readonly seccompMode: number | null;
  readonly hasPtraceCapability: boolean;
}

const CAP_SYS_PTRACE = 19;

export function readStatus(proc: ProcFs, pid: number | "self"): Result<ProcessStatus, ProcFailure> {
  const text = proc.readText(`${pid}/status`);
  return text.ok ? ok(parseStatus(text.value)) : text;
}

export function parseStatus(text: string): ProcessStatus {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const words = (name: string): string[] => (fields.get(name) ?? "").split(/\s+/).filter((word) => word !== "");
  const [uid = "0", effectiveUid = uid] = words("Uid");
  const seccomp = fields.get("Seccomp");
  return {
    uid: Number(uid),
    effectiveUid: Number(effectiveUid),
    threads: Number(fields.get("Threads") ?? 0),
    namespacePids: words("NSpid").map(Number),
    rssBytes: kibibytes(fields.get("VmRSS")),
    swapBytes: kibibytes(fields.get("VmSwap")),
    seccompMode: seccomp === undefined ? null : Number(seccomp),
    hasPtraceCapability: hasBit(fields.get("CapEff") ?? "0", CAP_SYS_PTRACE),
  };
}

/** "1234 kB" -> bytes; 0 when missing. */
export function kibibytes(text: string | undefined): number {
  return Number.parseInt(text ?? "0", 10) * 1024;
}

function hasBit(hex: string, bit: number): boolean {
  return (Math.floor(Number.parseInt(hex, 16) / 2 ** bit) & 1) === 1;
}
