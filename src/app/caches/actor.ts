// Who gives a command, as the system says it.

import { hostname, userInfo } from "node:os";
import type { Actor } from "../../govern/audit-chain.ts";

export function actorOf(): Actor {
  const { username, uid } = userInfo();
  return { user: username, uid, pid: process.pid, host: hostname() };
}
