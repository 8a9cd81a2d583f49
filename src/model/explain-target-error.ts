// The sentences for everything that can keep us from reading a target: what was seen, why it matters, what to do next.

import { formatBytes } from "../base/format-bytes.ts";
import { formatDuration } from "../base/format-duration.ts";
import type { TargetError } from "./target-error.ts";

type Permission = Extract<TargetError, { code: "permission" }>;

/** One or two sentences for a person; no stack, no errno. */
export function explainTargetError(error: TargetError): string {
  // The table is complete by its type; that `error` fits the entry of its own code is beyond the compiler.
  const explain = SENTENCES[error.code] as (error: TargetError) => string;
  return explain(error);
}

type ErrorOf<Code extends TargetError["code"]> = Extract<TargetError, { readonly code: Code }>;

const SENTENCES: { readonly [Code in TargetError["code"]]: (error: ErrorOf<Code>) => string } = {
  "no-such-process": (error) => `There is no process ${error.pid}. List the Python processes with: pgrep -a python`,
  "exited-during-read": (error) =>
    `Process ${error.pid} ended while it was being read, so there is nothing left to look at. Start it again, or read its core file.`,
  zombie: (error) =>
    `Process ${error.pid} has ended and only waits for its parent to collect its exit status (a zombie); its memory is gone. Look at its parent: ps -o ppid= -p ${error.pid}`,
  "kernel-thread": (error) =>
    `Process ${error.pid} (${error.name}) is a thread of the Linux kernel and has no Python heap. List the Python processes with: pgrep -a python`,
  permission: explainPermission,
  "not-python": (error) =>
    `${subject(error.pid)}runs ${error.executable || "an unknown program"}, in which no CPython interpreter was found. If Python runs in a child of it, give the child's pid${error.pid === null ? "." : `: pgrep -aP ${error.pid}`}`,
  "not-64-bit": (error) =>
    `${subject(error.pid)}runs ${error.executable || "a program"} built for 32 bits; only 64-bit CPython can be read. Run the program with a 64-bit Python.`,
  "unsupported-version": (error) =>
    `This is Python ${error.version}; supported are ${error.supported.join(", ")}. Its objects are laid out differently, and guessing would give wrong answers: run the program on a supported version, or update deadweight.`,
  "unsupported-build": (error) =>
    error.build === "free-threaded"
      ? `This Python ${error.version} is a free-threaded build, and nothing is loaded into a running process of that kind. From outside 3.13 and later are read: use \`snapshot\`, \`top\`, \`why\`, \`watch\` or \`diagnose\`.`
      : `This Python ${error.version} is a ${error.build} build, whose objects are laid out differently. Run the program on the normal release build of the same version.`,
  "layout-mismatch": (error) =>
    `This Python says it is ${error.version}, but its memory does not look like it (${error.detail}). It may be a patched build, and guessing would give wrong answers: run the program on an unpatched release, or report this build.`,
  "interpreter-not-initialised": (error) =>
    `${subject(error.pid)}contains CPython, but no interpreter is running in it: it is still starting, or already shutting down. Try again in a moment.`,
  "pause-limit": explainPauseLimit,
  "too-large": explainTooLarge,
  "cannot-stop": (error) =>
    `Process ${error.pid} could not be held still for the copy: ${error.detail}. A copy of a running heap would be torn, so none was kept; try again.`,
  interrupted: (error) =>
    `Interrupted by ${error.signal} while process ${error.pid} was being copied; the process was resumed and the copy was dropped. Start the command again.`,
  "core-unreadable": (error) =>
    `${error.file} cannot be read as a core file: ${error.detail}. Give a file written by gcore, by the kernel, or by: coredumpctl dump PID -o FILE`,
  "core-incomplete": (error) =>
    `The core file ${error.file} lacks memory that is needed: ${error.detail}. Take a full one: ulimit -c unlimited, then echo 0x33 > /proc/PID/coredump_filter, then gcore PID`,
  "core-needs-file": (error) =>
    `The core file ${error.file} leaves out the contents of ${error.mapped}, which seems to hold the interpreter, and that file ${error.problem}. Without it types cannot be told apart: name the python of that very build with --executable, or the folder that holds the files of that machine with --sysroot.`,
};

function explainTooLarge({ bytes, limitBytes }: ErrorOf<"too-large">): string {
  const next = "or take a core file with gcore and read it on a larger machine.";
  if (limitBytes === null)
    return `Reading this heap takes about twice the ${formatBytes(bytes)} of memory to copy, and the system refused some of it, so there is no result; the process was not harmed. Free memory, raise the limit of this shell (ulimit -v) or container, ${next}`;
  return `The copy needs ${formatBytes(bytes)} and only ${formatBytes(limitBytes)} can be had, so nothing was started. Free memory, raise the container's memory limit, ${next}`;
}

function subject(pid: number | null): string {
  return pid === null ? "The target " : `Process ${pid} `;
}

function explainPermission(error: Permission): string {
  const { pid, ownerUid, ourUid, yamaScope, hasPtraceCapability } = error;
  const owner = ownerUid < 0 ? "another user (hidden from us)" : `uid ${ownerUid}`;
  const seen = `The kernel refuses us (uid ${ourUid}) the memory of process ${pid}, which belongs to ${owner}`;
  if (yamaScope === 3)
    return `${seen}: kernel.yama.ptrace_scope is 3, which forbids it to everybody until the next boot. Boot with kernel.yama.ptrace_scope=1, or read a core file.`;
  if (hasPtraceCapability)
    return `${seen}, although we hold CAP_SYS_PTRACE: a security module or another user namespace stands in between. Run this on the host, outside the container: ${permissionCommands(error)[0]}`;
  if (ourUid === 0)
    return `${seen}: we are root without the capability SYS_PTRACE, as in a default container. ${inContainers(error)}`;
  if (ownerUid !== ourUid)
    return `${seen}: reading another user's process needs root. Run: ${permissionCommands(error)[0]}`;
  if (yamaScope !== null && yamaScope > 0)
    return `${seen}: kernel.yama.ptrace_scope is ${yamaScope}, which keeps even your own processes from you. Run: ${permissionCommands(error)[0]}, or allow it until the next boot: sudo sysctl kernel.yama.ptrace_scope=0`;
  return `${seen}, though it is our own: it gave up its readability (a set-uid program, prctl, or file capabilities) or a security module forbids it. Run: ${permissionCommands(error)[0]}`;
}

function inContainers(error: Permission): string {
  return `Start the container with it: docker run --cap-add=SYS_PTRACE IMAGE; or look from beside it: ${permissionCommands(error).slice(1).join(" or ")}`;
}

/** Command lines that get past a refusal, the likeliest first. CONTAINER and POD are for the reader to fill in. */
export function permissionCommands(error: { readonly pid: number }): readonly string[] {
  return [
    `sudo env PATH="$PATH" deadweight doctor ${error.pid}`,
    "docker run --rm -it --pid=container:CONTAINER --cap-add=SYS_PTRACE node:lts npx --yes deadweight doctor 1",
    "kubectl debug -it POD --image=node:lts --target=CONTAINER --profile=sysadmin -- npx --yes deadweight doctor 1",
  ];
}

function explainPauseLimit(error: Extract<TargetError, { code: "pause-limit" }>): string {
  const limit = formatDuration(error.limitMs);
  if (error.estimatedMs !== null) {
    const needed = formatDuration(error.estimatedMs);
    return `Copying the ${formatBytes(error.totalBytes)} of process ${error.pid} would stop it for about ${needed}, more than the limit of ${limit}; it was not stopped. Allow it: --max-pause ${Math.ceil((error.estimatedMs * 1.5) / 1000)}`;
  }
  return `Process ${error.pid} was resumed at the limit of ${limit} with ${formatBytes(error.copiedBytes)} of ${formatBytes(error.totalBytes)} copied, so there is no snapshot. Allow a longer pause with --max-pause, or try when the machine is less busy.`;
}
