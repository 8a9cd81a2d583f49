// The half of `deadweight doctor` that needs no target: what this machine and our own process may do.

import { formatBytes } from "../base/format-bytes.ts";
import { readCgroupHeadroomBytes } from "../capture/cgroup-memory.ts";
import { readYamaScope } from "../capture/classify-target.ts";
import { openProcFs, type ProcFs } from "../capture/proc-fs.ts";
import { readAvailableBytes } from "../capture/proc-memory.ts";
import { type ProcessStatus, readStatus } from "../capture/proc-status.ts";
import type { DoctorCheck } from "../model/heap-reports.ts";

const OLDEST_NODE = [20, 19] as const;
/** The first pid namespace has this number on every Linux (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
const HOST_PID_NAMESPACE = "pid:[4026531836]";

/** `processor`: as Node names it, "x64". */
export function examineMachine(proc: ProcFs, nodeVersion: string, processor: string): DoctorCheck[] {
  const ourselves = readStatus(proc, "self");
  const checks = [checkNode(nodeVersion), ...checkProcessor(processor), checkProc(ourselves.ok)];
  if (!ourselves.ok) return checks;
  checks.push(
    checkPrivilege(ourselves.value),
    checkYama(proc, ourselves.value),
    checkSeccomp(ourselves.value),
    checkOwnContainer(proc),
  );
  checks.push(checkMemory(proc));
  return checks;
}

export function passed(name: string, seen: string): DoctorCheck {
  return { name, status: "ok", seen, advice: null };
}

function checkNode(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (isNewEnough) return passed("node", version);
  return {
    name: "node",
    status: "problem",
    seen: version,
    advice: `deadweight needs Node ${OLDEST_NODE.join(".")} or newer.`,
  };
}

/** Nothing is said of the one that everything was tested on. */
function checkProcessor(processor: string): DoctorCheck[] {
  if (processor === "x64") return [];
  const advice =
    processor === "arm64"
      ? "deadweight was never run on arm64. Python's structs are the same there, and every snapshot says how exact it is: look at that share before you believe it."
      : "deadweight reads 64-bit Python on x86-64; run it there.";
  return [{ name: "processor", status: processor === "arm64" ? "warning" : "problem", seen: processor, advice }];
}

function checkProc(isReadable: boolean): DoctorCheck {
  if (isReadable) return passed("/proc", "mounted and readable");
  return {
    name: "/proc",
    status: "problem",
    seen: "not readable",
    advice: "Processes are read through /proc. Mount it: mount -t proc proc /proc",
  };
}

function checkPrivilege(ourselves: ProcessStatus): DoctorCheck {
  const user = `uid ${ourselves.effectiveUid}`;
  if (ourselves.hasPtraceCapability) return passed("privilege", `${user}, with CAP_SYS_PTRACE`);
  const isRoot = ourselves.effectiveUid === 0;
  const advice = isRoot
    ? "We are root without CAP_SYS_PTRACE, as in a default container: start it with --cap-add=SYS_PTRACE."
    : "Processes of the same user can be read, those of others cannot; use sudo for them.";
  return {
    name: "privilege",
    status: isRoot ? "warning" : "ok",
    seen: `${user}, without CAP_SYS_PTRACE`,
    advice: isRoot ? advice : null,
  };
}

function checkYama(proc: ProcFs, ourselves: ProcessStatus): DoctorCheck {
  const scope = readYamaScope(proc);
  const name = "Yama";
  if (scope === null) return passed(name, "not active");
  const seen = `kernel.yama.ptrace_scope = ${scope}`;
  if (scope === 3)
    return {
      name,
      status: "problem",
      seen,
      advice: "No process can be read until the next boot with a lower value. Read a core file instead.",
    };
  if (scope === 0 || ourselves.hasPtraceCapability) return passed(name, seen);
  return {
    name,
    status: "warning",
    seen,
    advice:
      "Only our own children can be read. Use sudo, or until the next boot: sudo sysctl kernel.yama.ptrace_scope=0",
  };
}

/** Whether a filter matters shows only when the memory is opened; alone it is no problem. */
function checkSeccomp(ourselves: ProcessStatus): DoctorCheck {
  const modes = ["off", "strict", "filter"];
  const mode = ourselves.seccompMode;
  return passed("seccomp", mode === null ? "not reported" : (modes[mode] ?? `mode ${mode}`));
}

function checkOwnContainer(proc: ProcFs): DoctorCheck {
  const namespace = proc.readLink("self/ns/pid");
  const isHost = namespace.ok && namespace.value === HOST_PID_NAMESPACE;
  const name = "our container";
  if (isHost) return passed(name, "none: all processes of the host are visible");
  return {
    name,
    status: "ok",
    seen: "we run in a pid namespace: only its processes are visible, under its own numbers",
    advice: null,
  };
}

function checkMemory(proc: ProcFs): DoctorCheck {
  const available = readAvailableBytes(proc);
  const headroom = readCgroupHeadroomBytes(proc, openProcFs("/"));
  if (available === null)
    return { name: "memory", status: "unknown", seen: "the kernel does not say how much is free", advice: null };
  const ours = headroom === null ? "" : `, ${formatBytes(headroom)} in our control group`;
  return passed("memory", `${formatBytes(available)} available${ours}`);
}
