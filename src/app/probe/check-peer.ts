// Is the process at the other end the one it says it is? Node cannot ask a socket for its peer (SO_PEERCRED), so the greeting
// is held against /proc. The folder of the socket already keeps other users out; this keeps out mistakes: another pid
// namespace, a greeting that was copied, a connection that was handed on.

import { fail, ok, type Result } from "../../base/result.ts";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import { readStat } from "../../capture/proc-stat.ts";
import { readStatus } from "../../capture/proc-status.ts";
import type { ProbeHello } from "./probe-protocol.ts";

/** Fails with a sentence that begins with "process PID". Without /proc there is nothing to compare with, and it is believed. */
export function checkPeer(
  hello: ProbeHello,
  proc: ProcFs = openProcFs(),
  ownUid: number = process.geteuid?.() ?? 0,
): Result<null, string> {
  if (hello.startTicks === null) return ok(null);
  const stat = readStat(proc, hello.pid);
  const status = readStatus(proc, hello.pid);
  if (!stat.ok || !status.ok || stat.value.startTimeTicks !== hello.startTicks)
    return fail(`process ${hello.pid} is not the one that connected: it ended, or lives in another pid namespace`);
  if (ownUid !== 0 && status.value.effectiveUid !== ownUid)
    return fail(`process ${hello.pid} belongs to user ${status.value.effectiveUid}, and this tool to user ${ownUid}`);
  const link = proc.readLink(`${hello.pid}/fd/${hello.socketFd}`);
  // A process that has dropped privileges hides its descriptors; what it could not hide was checked above.
  if (!link.ok) return link.error === "denied" ? ok(null) : fail(notItsSocket(hello));
  return link.value === `socket:[${hello.socketInode}]` ? ok(null) : fail(notItsSocket(hello));
}

function notItsSocket({ pid }: ProbeHello): string {
  return `process ${pid} does not have the connection that speaks in its name`;
}
