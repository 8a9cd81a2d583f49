// `deadweight doctor`: can this process be read from here, and if not, what will make it readable? Stops nothing,
// changes nothing.

import { formatBytes } from "../base/format-bytes.ts";
import { formatDuration } from "../base/format-duration.ts";
import { classifyTarget, type TargetFacts } from "../capture/classify-target.ts";
import { memoryLimitBytes } from "../capture/copy-estimate.ts";
import { isStopped } from "../capture/pause-target.ts";
import { versionText } from "../cpython/version-text.ts";
import { openProcFs, type ProcFs } from "../capture/proc-fs.ts";
import { readMemoryRollup } from "../capture/proc-memory.ts";
import { explainTargetError, permissionCommands } from "../model/explain-target-error.ts";
import type { DoctorCheck, DoctorReport } from "../model/heap-reports.ts";
import type { TargetError } from "../model/target-error.ts";
import { examineMachine, passed } from "./examine-machine.ts";
import { identifyProcess } from "./identify-target.ts";

/** Copying a resident GiB stops the target for this long (bench/method.md, "pause"). */
const PAUSE_MS_PER_GIB = 300;
/** `--max-pause` when it is not given. */
const DEFAULT_MAX_PAUSE_MS = 5000;

export function examineTarget(pid: number | null, proc: ProcFs = openProcFs()): DoctorReport {
  const machine = examineMachine(proc, process.version, process.arch);
  if (pid === null) return report(null, null, machine, []);
  const facts = classifyTarget(proc, pid);
  if (!facts.ok) return report(pid, false, [...machine, refused(facts.error)], commandsFor(facts.error));
  const python = checkPython(facts.value);
  const about = [...machine, ...describe(proc, facts.value), python];
  if (python.status === "problem") return report(pid, false, about, []);
  const memory = checkCopy(proc, facts.value);
  const checks = [...about, ...memory.checks];
  const isReadable = checks.every((check) => check.status !== "problem");
  return report(pid, isReadable, checks, memory.commands);
}

function report(
  pid: number | null,
  readable: boolean | null,
  checks: readonly DoctorCheck[],
  commands: readonly string[],
): DoctorReport {
  return { schema: "deadweight/doctor@1", pid, readable, checks, commands };
}

function refused(error: TargetError): DoctorCheck {
  return { name: nameOf(error), status: "problem", seen: seenAs(error), advice: explainTargetError(error) };
}

function nameOf(error: TargetError): string {
  if (error.code === "permission") return "access";
  return error.code === "not-64-bit" ? "bitness" : "process";
}

function seenAs(error: TargetError): string {
  switch (error.code) {
    case "permission":
      return error.ownerUid < 0 ? "hidden from us" : `belongs to uid ${error.ownerUid}; we are uid ${error.ourUid}`;
    case "not-64-bit":
      return "a 32-bit program";
    case "kernel-thread":
      return `${error.name}, a kernel thread`;
    default:
      return error.code.replaceAll("-", " ");
  }
}

function commandsFor(error: TargetError): readonly string[] {
  return error.code === "permission" ? permissionCommands(error) : [];
}

function describe(proc: ProcFs, facts: TargetFacts): DoctorCheck[] {
  const checks = [passed("access", `its memory can be read (owner uid ${facts.uid})`), passed("bitness", "64 bits")];
  const state = isStopped(proc, facts.pid)
    ? "stopped by somebody else; it will be read and left so"
    : `running, ${facts.threads} ${facts.threads === 1 ? "thread" : "threads"}`;
  checks.push(passed("state", state));
  if (facts.isContainerised) {
    checks.push(
      passed(
        "its container",
        `other root or namespaces, pid ${facts.namespacePid} inside; its files are opened through /proc/${facts.pid}/root`,
      ),
    );
  }
  return checks;
}

function checkPython(facts: TargetFacts): DoctorCheck {
  const known = identifyProcess(facts.pid);
  if (known.ok) {
    const { versionHex, freeThreaded, file } = known.value.interpreter;
    return passed("python", `CPython ${versionText(versionHex, freeThreaded)}, in ${file}`);
  }
  const { error } = known;
  const advice = explainTargetError(error.code === "not-python" ? { ...error, executable: facts.executable } : error);
  return { name: "python", status: "problem", seen: pythonSeen(error), advice };
}

function pythonSeen(error: TargetError): string {
  if (error.code === "not-python") return "no CPython found";
  return "version" in error
    ? `CPython ${error.version}: ${error.code.replaceAll("-", " ")}`
    : error.code.replaceAll("-", " ");
}

function checkCopy(
  proc: ProcFs,
  facts: TargetFacts,
): { readonly checks: readonly DoctorCheck[]; readonly commands: readonly string[] } {
  const rollup = readMemoryRollup(proc, facts.pid);
  if (!rollup.ok)
    return {
      checks: [{ name: "size", status: "unknown", seen: "the kernel does not say", advice: null }],
      commands: [],
    };
  const { rssBytes, sharedBytes, swapBytes } = rollup.value;
  const copyBytes = Math.max(0, rssBytes - sharedBytes) + swapBytes;
  const swap = swapBytes === 0 ? "" : `, ${formatBytes(swapBytes)} in swap`;
  const seen = `${formatBytes(rssBytes)} resident${swap}; at most ${formatBytes(copyBytes)} to copy`;
  const limitBytes = memoryLimitBytes(proc);
  const isTooLarge = copyBytes > limitBytes;
  const size: DoctorCheck = isTooLarge
    ? {
        name: "size",
        status: "problem",
        seen,
        advice: explainTargetError({ code: "too-large", pid: facts.pid, bytes: copyBytes, limitBytes }),
      }
    : passed("size", seen);
  const pauseMs = Math.max(1, (copyBytes / 2 ** 30) * PAUSE_MS_PER_GIB);
  if (pauseMs <= DEFAULT_MAX_PAUSE_MS)
    return { checks: [size, passed("pause", `about ${formatDuration(pauseMs)} (estimated)`)], commands: [] };
  const command = `deadweight snapshot ${facts.pid} -o heap.dwsnap --max-pause ${Math.ceil((pauseMs * 2) / 1000)}`;
  const advice = `Longer than the limit of ${formatDuration(DEFAULT_MAX_PAUSE_MS)}: the process would be resumed without a snapshot. Allow it: ${command}`;
  return {
    checks: [size, { name: "pause", status: "warning", seen: `about ${formatDuration(pauseMs)} (estimated)`, advice }],
    commands: [command],
  };
}
