// `deadweight run -- COMMAND`: starts a program with the probe loaded, follows its processes, and says at the end what it saw.

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { redactCommand } from "../../base/secrets.ts";
import { shellWord } from "../../base/format-shell.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { RunReport } from "../../model/run-report.ts";
import { optionThatKeepsProbeOut } from "./interpreter-options.ts";
import { ownSignals } from "./own-signals.ts";
import type { ProbeConnection } from "./probe-connection.ts";
import { openProbeHub } from "./probe-hub.ts";
import { ProbedProcesses } from "./probed-processes.ts";

export interface RunAsked {
  readonly words: readonly string[];
  /** Seconds between two questions for counters. */
  readonly everySeconds: number;
  /** What happens while it runs, a sentence at a time. */
  readonly say: (sentence: string) => void;
}

export interface RunProblem {
  readonly code: "usage" | "cannot-start";
  readonly message: string;
}

/** Of a program that forks all the time, the first ones are enough. */
const MOST_SAID = 20;
/** Connections of processes that ended with the program are closed by then. */
const SETTLE_MS = 50;

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it never ran; null when it did. */
  readonly failure: string | null;
}

/** Ends when the program does. Its output goes to our stderr: stdout is for the report. */
export async function runProgram(asked: RunAsked): Promise<Result<RunReport, RunProblem>> {
  const keptOut = optionThatKeepsProbeOut(asked.words);
  if (keptOut !== null) return fail({ code: "usage", message: keptOutSentence(keptOut, asked.words) });
  const processes = new ProbedProcesses();
  const refused: string[] = [];
  const announce = announcer(asked.say, processes);
  const opened = await openProbeHub({
    connected: (connection) => {
      processes.add(connection);
      announce(connection);
    },
    refused: (why) => {
      if (refused.length < MOST_SAID) refused.push(why);
    },
  });
  if (!opened.ok) return fail({ code: "cannot-start", message: opened.error });
  await using hub = opened.value;
  const startedMs = Date.now();
  const ending = await follow(asked, hub.environment(process.env), processes);
  if (ending.failure !== null) return fail({ code: "cannot-start", message: ending.failure });
  await sleep(SETTLE_MS);
  return ok({
    schema: "deadweight/run@1",
    command: redactCommand(asked.words),
    exitCode: ending.code,
    signal: ending.signal,
    seconds: (Date.now() - startedMs) / 1000,
    processes: processes.report(),
    refused,
  });
}

async function follow(asked: RunAsked, environment: NodeJS.ProcessEnv, processes: ProbedProcesses): Promise<Ending> {
  const [program = "", ...rest] = asked.words;
  const child = spawn(program, rest, { stdio: ["inherit", 2, 2], env: environment });
  const ending = ended(child, asked.words);
  // Also when a second signal ends us: what we started does not outlive us.
  const kill = (): void => void child.kill("SIGTERM");
  process.once("exit", kill);
  // The terminal has sent Ctrl-C to the program already.
  using _signals = ownSignals((signal) => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
  const poll = setInterval(() => void processes.askAll(), asked.everySeconds * 1000);
  try {
    return await ending;
  } finally {
    clearInterval(poll);
    process.off("exit", kill);
  }
}

function ended(child: ChildProcess, words: readonly string[]): Promise<Ending> {
  return new Promise((resolve) => {
    child.once("error", ({ message }) =>
      resolve({ code: null, signal: null, failure: `\`${shown(words)}\` could not be started (${message})` }),
    );
    child.once("exit", (code, signal) => resolve({ code, signal, failure: null }));
  });
}

function announcer(say: (sentence: string) => void, processes: ProbedProcesses): (connection: ProbeConnection) => void {
  let said = 0;
  return ({ hello }) => {
    if (processes.roleOf(hello) === "helper") return;
    said += 1;
    if (said <= MOST_SAID)
      say(`process ${hello.pid} (Python ${hello.python}) is connected: ${shown(redactCommand(hello.command))}`);
    if (said === MOST_SAID + 1) say("more processes connect; the summary has them all");
  };
}

const LONGEST_SHOWN = 120;

function shown(words: readonly string[]): string {
  const text = words.map(shellWord).join(" ").replaceAll(/\s+/g, " ");
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 1)}…`;
}

function keptOutSentence(option: string, words: readonly string[]): string {
  return [
    `with ${option} Python does not look at PYTHONPATH or start \`site\`, so the probe cannot be loaded. Leave ${option} out, or look from outside, which needs no probe:`,
    `  deadweight diagnose -- ${words.map(shellWord).join(" ")}`,
  ].join("\n");
}
