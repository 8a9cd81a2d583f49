// Whether a process was started with a word against code from outside. CPython asks for it from 3.14 on (PEP 768); we keep to it
// on every version, because what it says is clear.

import { readCommand } from "./proc-command.ts";
import type { ProcFs } from "./proc-fs.ts";

const VARIABLE = "PYTHON_DISABLE_REMOTE_DEBUG";
const OPTION = "disable-remote-debug";

/** The variable or the option; null when there is neither. As the process was started: what it changed later is not seen. */
export function remoteDebuggingForbiddenBy(proc: ProcFs, pid: number): string | null {
  const environment = proc.readText(`${pid}/environ`);
  const names = environment.ok ? environment.value.split("\0") : [];
  if (names.some((entry) => entry.startsWith(`${VARIABLE}=`) && entry.length > VARIABLE.length + 1)) return VARIABLE;
  const words = readCommand(proc, pid);
  const isGiven = words.some(
    (word, i) => word === `-X${OPTION}` || (word === OPTION && words[i - 1] === "-X") || isJoined(word),
  );
  return isGiven ? `-X ${OPTION}` : null;
}

/** "-IXdisable-remote-debug": one-letter options may share a word. */
function isJoined(word: string): boolean {
  return /^-[A-Za-z]*X/.test(word) && word.endsWith(`X${OPTION}`);
}
