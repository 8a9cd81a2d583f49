// Who gives a command, as the system says it.

import { hostname, userInfo } from "node:os";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import type { Actor } from "../../govern/audit-chain.ts";

export function actorOf(proc: ProcFs = openProcFs()): Actor {
  const { username, uid } = userInfo();
  const loginUid = loginUidOf(proc);
  const login = loginUid === null || loginUid === uid ? {} : { loginUid };
  return { user: username, uid, pid: process.pid, host: hostname(), ...login };
}

/** What the kernel holds on to from login through sudo and su (proc_pid_loginuid(5)); null where nobody has logged in. */
function loginUidOf(proc: ProcFs): number | null {
  const text = proc.readText("self/loginuid");
  const uid = text.ok && text.value.trim() !== "" ? Number(text.value) : UNSET;
  return uid === UNSET || !Number.isInteger(uid) ? null : uid;
}

const UNSET = 0xffffffff;
