// `deadweight attach PID`

import { attachText } from "../../report/attach-text.ts";
import { GDB_OPTION, WAIT_OPTION } from "../attach-options.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printMessage, printProblem, printReport } from "../print-report.ts";

export const attach: Command = defineCommand({
  name: "attach",
  summary: "put the probe into a running process, until Ctrl-C",
  description: [
    "Has a running Python process load the probe, without a restart: its memory is checked, a call is left in the interpreter's own queue while the process stands still for some milliseconds, and the main thread makes the call when it next runs Python. Nothing is written where memory does not look as that version of CPython should.",
    "While it is in, the processes that it forks have the probe, too. At the end, also when this tool is killed, the probe leaves: no thread, module, path entry or file of it stays. Every attach is told to the program's audit hooks and written to a journal in ~/.local/state/deadweight.",
  ],
  arguments: { pid: { placeholder: "PID", takes: "pid", count: "one", summary: "the process" } },
  options: {
    wait: WAIT_OPTION,
    gdb: GDB_OPTION,
    for: { kind: "seconds", placeholder: "TIME", default: null, summary: "leave after this time" },
    every: {
      kind: "seconds",
      placeholder: "TIME",
      default: 1,
      summary: "how often the processes are asked for their counters, as 0.5, 10s, 1m",
    },
  },
  examples: [
    { command: "deadweight attach 4711", why: "until Ctrl-C" },
    { command: "deadweight attach 4711 --wait 60", why: "a server that has no requests now" },
    { command: "deadweight attach 4711 --gdb", why: "its main thread waits in accept or for a lock" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the probe was in the process, and has left" },
    { code: EXIT.couldNot, when: "it cannot be put in; the message says what was seen and what to do" },
  ],
  async run(given, world) {
    const { json, wait, gdb, for: forSeconds, every } = given.options;
    const pid = Number(given.arguments.pid);
    using asked = world.askFirst();
    const report = await world.actions.attach({
      pid,
      waitSeconds: wait,
      gdb,
      forSeconds,
      everySeconds: Math.max(every, OFTEN),
      say: (sentence) => void printMessage(sentence, world).catch(() => undefined),
      signal: asked.signal,
    });
    if (!report.ok) return await printProblem(report.error, json, world);
    await printReport(report.value, json, attachText, world);
    return EXIT.clean;
  },
});

/** More often shows nothing more and costs the program one per cent of a core. */
const OFTEN = 0.1;
