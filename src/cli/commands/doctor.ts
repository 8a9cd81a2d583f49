// `deadweight doctor [PID]`

import type { DoctorReport } from "../../model/heap-reports.ts";
import { doctorText } from "../../report/doctor-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printReport } from "../print-report.ts";

export const doctor: Command = defineCommand({
  name: "doctor",
  summary: "say whether a process can be read, and what to do if not",
  description: [
    "Checks permissions, containers and the Python version from outside. Nothing is stopped and nothing is changed. When the process cannot be read, it prints the command line that will work.",
  ],
  arguments: {
    pid: {
      placeholder: "PID",
      takes: "pid",
      count: "optional",
      summary: "process to examine; without it, this machine",
    },
  },
  options: {},
  examples: [
    { command: "deadweight doctor", why: "can this machine be used at all?" },
    { command: "deadweight doctor 4711", why: "can process 4711 be read from here?" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the process can be read, or may be" },
    { code: EXIT.findings, when: "something keeps it from being read" },
    { code: EXIT.couldNot, when: "there is no such process, or the command line is wrong" },
  ],
  async run(given, world) {
    const report = await world.actions.examineTarget(given.arguments.pid === null ? null : Number(given.arguments.pid));
    await printReport(report, given.options.json, doctorText, world);
    return exitCodeOf(report);
  },
});

/** What is no process that could be examined, is no finding about one. */
function exitCodeOf({ readable, checks }: DoctorReport): ExitCode {
  const problems = checks.filter((check) => check.status === "problem");
  if (problems.some((check) => check.name === "process")) return EXIT.couldNot;
  return readable === false || problems.length > 0 ? EXIT.findings : EXIT.clean;
}
