// A main thread that waits in the kernel takes no call. gdb can make it: it interrupts the wait, asks the interpreter for its lock
// as any foreign thread does, and has it run what waits in its queue. Slow (the process stands still while gdb reads symbols),
// and for those who ask for it only.

import { execFile } from "node:child_process";
import type { CallLeft } from "../../capture/call-in-target.ts";
import type { AttachError } from "../../model/attach-error.ts";
import type { ExchangeFolder } from "./exchange-folder.ts";

const LIMIT_MS = 60_000;
const ENSURE = "PyGILState_Ensure";
const RELEASE = "PyGILState_Release";
const CALL = "Py_MakePendingCalls";

/** Null when the process has taken the call. */
export async function callWithGdb(pid: number, left: CallLeft, exchange: ExchangeFolder): Promise<AttachError | null> {
  const [ensure, release, call] = [ENSURE, RELEASE, CALL].map((name) => left.symbols.get(name));
  if (ensure === undefined || release === undefined || call === undefined)
    return { code: "attach-gdb", pid, detail: "the interpreter does not export what is needed" };
  const commands = [
    "set confirm off",
    "set auto-load off",
    // Symbols of libraries take most of the time, and the addresses are known.
    "set auto-solib-add off",
    `attach ${pid}`,
    "thread 1",
    `set $gil = ((int (*)(void)) ${ensure})()`,
    `call ((int (*)(void)) ${call})()`,
    `call ((void (*)(int)) ${release})($gil)`,
    "detach",
  ];
  const said = await run(commands);
  if (!exchange.isWaiting()) return null;
  return { code: "attach-gdb", pid, detail: said };
}

/** What gdb said last; it is asked to end when it takes too long, and lets the process go. */
function run(commands: readonly string[]): Promise<string> {
  const words = ["-nx", "-batch", ...commands.flatMap((command) => ["-ex", command])];
  return new Promise((resolve) => {
    execFile("gdb", words, { timeout: LIMIT_MS }, (error, _out, err) => {
      const isMissing = error !== null && "code" in error && error.code === "ENOENT";
      const lines = err.trim().split("\n");
      resolve(isMissing ? "gdb is not installed" : (lines.at(-1) ?? "") || "it ended without a word");
    });
  });
}
