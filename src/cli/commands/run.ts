// `deadweight run -- COMMAND...`

import { runText } from "../../report/run-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printMessage, printProblem, printReport } from "../print-report.ts";

export const run: Command = defineCommand({
  name: "run",
  summary: "start a program with the probe loaded, without changing it",
  description: [
    "Starts the program as it is, with a small probe in every Python process that comes of it: workers, forked and spawned children. Says which processes have connected, and when the program has ended what each of them did. The program's own output goes to stderr; stdout is for the summary.",
    "The probe waits for questions in a thread of its own. Idle it costs nothing, and when this tool is stopped or killed the program goes on as if nothing had been.",
  ],
  arguments: {},
  rest: { placeholder: "COMMAND...", summary: "the program to start" },
  options: {
    every: {
      kind: "seconds",
      placeholder: "TIME",
      default: 1,
      summary: "how often the processes are asked for their counters, as 0.5, 10s, 1m",
    },
  },
  examples: [
    { command: "deadweight run -- python app.py", why: "one program" },
    { command: "deadweight run -- gunicorn -w 4 shop.wsgi", why: "a server and its workers" },
    { command: "deadweight run --json -- python job.py > run.json", why: "the summary for a script" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the program ended with exit code 0" },
    { code: EXIT.findings, when: "the program ended with another exit code or by a signal" },
    { code: EXIT.couldNot, when: "the program could not be started, or the probe cannot be loaded into it" },
  ],
  async run(given, world) {
    const { json, every } = given.options;
    if (given.rest.length === 0)
      return await printProblem({ code: "usage", message: "which program? Give it after --" }, json, world);
    const say = (sentence: string): void => {
      // A line that cannot be written is no reason to end the program.
      printMessage(sentence, world).catch(() => undefined);
    };
    const report = await world.actions.runProgram({ words: given.rest, everySeconds: Math.max(every, OFTEN), say });
    if (!report.ok) return await printProblem(report.error, json, world);
    await printReport(report.value, json, runText, world);
    return report.value.exitCode === 0 ? EXIT.clean : EXIT.findings;
  },
});

/** More often shows nothing more and costs the program one per cent of a core. */
const OFTEN = 0.1;
