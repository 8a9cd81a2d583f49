// `deadweight verify --pid PID | --match REGEX | --serve 'CMD' -- SCENARIO...`

import { fail, ok, type Result } from "../../base/result.ts";
import { verificationText } from "../../report/verification-text.ts";
import type { Problem, VerifiedTarget } from "../actions.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import { ProgressLine } from "../progress-line.ts";
import { MAX_PAUSE_OPTION } from "../source-options.ts";

export const verify: Command = defineCommand({
  name: "verify",
  summary: "does a scenario leave something behind at every call",
  description: [
    "Runs a scenario over and over against a process and looks at the process after each round: some calls to warm up, then rounds that grow by half. A leak leaves the same behind at each call, round after round; the report shows that column, the holder, the cause and the line. It ends early, and well, with the first round that leaves nothing behind.",
    "SCENARIO is a command that is run once per call, such as a request; DEADWEIGHT_CALL holds its number. A call that fails ends it. Without a process SCENARIO is itself a Python program that repeats its work and prints one line per call; it stands still between rounds.",
    'The baseline names leaks that are known and lived with until a day: {"schema": "deadweight/known-growth@1", "known": [{"fingerprint", "until": "2027-01-31", "because"}]}.',
  ],
  arguments: {},
  rest: { placeholder: "SCENARIO...", summary: "what is run at each call" },
  options: {
    pid: { kind: "count", placeholder: "PID", default: null, summary: "the process whose memory is looked at" },
    match: {
      kind: "text",
      placeholder: "REGEX",
      summary: "the Python process whose command line matches; of several workers the busiest",
    },
    serve: { kind: "text", placeholder: "CMD", summary: "start this with /bin/sh, look at it, and end it afterwards" },
    "warm-up": { kind: "count", placeholder: "N", default: 10, summary: "calls before the first measurement" },
    calls: { kind: "count", placeholder: "N", default: 20, summary: "calls of the first round" },
    rounds: { kind: "count", placeholder: "N", default: 10, summary: "rounds at most; fewer than 7 prove nothing" },
    baseline: { kind: "file", placeholder: "FILE", summary: "leaks that are known and do not count" },
    "max-pause": MAX_PAUSE_OPTION,
  },
  examples: [
    {
      command: "deadweight verify --pid 4711 -- curl -fsS -o /dev/null http://127.0.0.1:8000/cart",
      why: "does a request for the cart leave something behind",
    },
    {
      command: "deadweight verify --serve 'gunicorn -w 1 shop.wsgi' -- python tests/one_visit.py",
      why: "start the service for it, as in CI",
    },
    { command: "deadweight verify -- python tests/repeat_import.py", why: "a program that prints one line per call" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "no leak is proved, or the baseline knows it" },
    { code: EXIT.findings, when: "a leak is proved" },
    { code: EXIT.couldNot, when: "a call failed, or the process cannot be read" },
  ],
  async run(given, world) {
    const { json, calls, rounds, baseline, "warm-up": warmUpCalls } = given.options;
    const target = targetOf(given.options.pid, given.options.match, given.options.serve);
    if (!target.ok) return await printProblem(target.error, json, world);
    if (given.rest.length === 0) return await printProblem(NO_SCENARIO, json, world);
    const report = await (async () => {
      using line = new ProgressLine(world);
      using interruption = world.askFirst();
      return await world.actions.verify({
        target: target.value,
        scenario: given.rest,
        warmUpCalls,
        calls,
        rounds,
        baselineFile: baseline,
        maxPauseMs: given.options["max-pause"] * 1000,
        toolVersion: world.version,
        nowMs: world.nowMs(),
        progress: line.show,
        signal: interruption.signal,
      });
    })();
    if (!report.ok) return await printProblem(report.error, json, world);
    await printReport(report.value, json, verificationText, world);
    return report.value.verdict === "leak" ? EXIT.findings : EXIT.clean;
  },
});

const NO_SCENARIO: Problem = {
  code: "usage",
  message: "what should be run at each call? Give a command after --, as in: deadweight verify --pid 4711 -- curl URL",
};

function targetOf(pid: number | null, match: string | null, serve: string | null): Result<VerifiedTarget, Problem> {
  if ([pid, match, serve].filter((each) => each !== null).length > 1)
    return fail({ code: "usage", message: "give one of --pid, --match and --serve, not several" });
  if (pid !== null) return ok({ kind: "pid", pid });
  if (serve !== null) return ok({ kind: "serve", command: serve });
  if (match === null) return ok({ kind: "itself" });
  try {
    return ok({ kind: "match", pattern: new RegExp(match) });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail({ code: "usage", message: `--match is no regular expression: ${why}` });
  }
}
