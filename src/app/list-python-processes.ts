// The Python processes that this user may see, for a person to choose from.

import { redactCommand } from "../base/secrets.ts";
import { listProcesses } from "../capture/list-processes.ts";
import { openProcFs } from "../capture/proc-fs.ts";
import type { ProcessRow } from "../model/page-reports.ts";
import { hasPythonMapped } from "./diagnose/choose-target.ts";

/** The largest first. */
export function listPythonProcesses(): readonly ProcessRow[] {
  const proc = openProcFs();
  return listProcesses(proc)
    .filter(({ pid }) => hasPythonMapped(pid, { proc }))
    .map(({ pid, parentPid, command, privateBytes }) => ({
      pid,
      parentPid,
      command: redactCommand(command),
      privateBytes,
    }))
    .sort((a, b) => b.privateBytes - a.privateBytes);
}
