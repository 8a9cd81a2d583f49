// `deadweight detach PID`

import { detachText } from "../../report/attach-text.ts";
import { GDB_OPTION, WAIT_OPTION } from "../attach-options.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printMessage, printProblem, printReport } from "../print-report.ts";

export const detach: Command = defineCommand({
  name: "detach",
  summary: "take the probe out of a process",
  description: [
    "Ends the probe that `deadweight attach` or `deadweight run` has put into a process, whichever tool it talks to: its thread ends, what it had switched on is off, and its modules are gone. A probe whose tool has ended leaves by itself.",
  ],
  arguments: { pid: { placeholder: "PID", takes: "pid", count: "one", summary: "the process" } },
  options: { wait: WAIT_OPTION, gdb: GDB_OPTION },
  examples: [{ command: "deadweight detach 4711", why: "whoever attached it" }],
  exitCodes: [
    { code: EXIT.clean, when: "the process has no probe any more" },
    { code: EXIT.couldNot, when: "it had none, or could not be told" },
  ],
  async run(given, world) {
    const { json, wait, gdb } = given.options;
    using asked = world.askFirst();
    const report = await world.actions.detach({
      pid: Number(given.arguments.pid),
      waitSeconds: wait,
      gdb,
      say: (sentence) => void printMessage(sentence, world).catch(() => undefined),
      signal: asked.signal,
    });
    if (!report.ok) return await printProblem(report.error, json, world);
    await printReport(report.value, json, detachText, world);
    return EXIT.clean;
  },
});
