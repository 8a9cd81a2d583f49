// A child that resumes the target when we cannot: killed inside the pause, stopped by Ctrl-Z, or hanging.
// It holds one end of a pipe; the kernel closes ours when we die, however we die. It never stops anything, it sends one
// signal at most, and it ends with us. Node and not sh: `read` of a POSIX shell knows no time limit, images without a
// shell exist, and its 35 ms of start-up pass while pages are prepared.
// Not covered: a control group that is killed as a whole (memory.oom.group) takes the watchdog along; therefore all
// memory is touched before the stop.

import { type ChildProcess, spawn } from "node:child_process";

export interface ResumeWatchdog extends AsyncDisposable {
  /** Settles when the watchdog has been told; only then may the target be stopped. False: it is not there. */
  arm(limitMs: number): Promise<boolean>;
  disarm(): void;
}

/**
 * The child's program, kept as text because the same file must work compiled and under a TypeScript loader.
 * Arguments: pid, start time. Lines on stdin: "arm MILLISECONDS", "disarm". The start time keeps a recycled pid safe.
 */
const PROGRAM = `
const { readFileSync } = require("node:fs");
const [pid, startTime] = process.argv.slice(1).map(Number);
let isArmed = false;
let timer;
function resume() {
  clearTimeout(timer);
  if (!isArmed) return;
  isArmed = false;
  try {
    if (!isOther()) process.kill(pid, "SIGCONT");
  } catch {}
}
function isOther() {
  try {
    const stat = readFileSync("/proc/" + pid + "/stat", "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[19]) !== startTime;
  } catch (error) {
    return error.code === "ENOENT" || error.code === "ESRCH";
  }
}
function obey(line) {
  const [word, limitMs] = line.split(" ");
  clearTimeout(timer);
  isArmed = word === "arm";
  if (isArmed) timer = setTimeout(resume, Number(limitMs));
}
let text = "";
process.stdin.setEncoding("latin1");
process.stdin.on("data", (chunk) => {
  const lines = (text + chunk).split("\\n");
  text = lines.pop();
  lines.forEach(obey);
});
const end = () => { resume(); process.exit(0); };
process.stdin.on("end", end);
process.stdin.on("error", end);
process.stdout.on("error", () => {});
process.stdout.write("ready\\n");
`;

const START_LIMIT_MS = 10_000;
const END_LIMIT_MS = 500;

/** Starts the child; null when it cannot be started. */
export async function startResumeWatchdog(pid: number, startTimeTicks: number): Promise<ResumeWatchdog | null> {
  // Its own session: Ctrl-C in the terminal must not reach it. An empty environment: NODE_OPTIONS must not either.
  const child = spawn(
    process.execPath,
    ["--max-old-space-size=16", "--eval", PROGRAM, String(pid), String(startTimeTicks)],
    {
      cwd: "/",
      detached: true,
      env: {},
      stdio: ["pipe", "pipe", "ignore"],
    },
  );
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  if (!(await isReady(child))) {
    child.kill("SIGKILL");
    return null;
  }
  return {
    arm: (limitMs) => tell(child, `arm ${Math.ceil(limitMs)}\n`),
    disarm: () => void tell(child, "disarm\n"),
    [Symbol.asyncDispose]: () => end(child),
  };
}

function isReady(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => resolve(false), START_LIMIT_MS);
    const settle = (isUp: boolean): void => {
      clearTimeout(limit);
      resolve(isUp);
    };
    child.stdout?.once("data", () => settle(true));
    child.once("error", () => settle(false));
    child.once("exit", () => settle(false));
  });
}

/** True once the kernel has the line: from then on it reaches the child even if we die. */
function tell(child: ChildProcess, line: string): Promise<boolean> {
  const { stdin } = child;
  if (stdin === null || !stdin.writable || child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve(false);
  return new Promise((resolve) => stdin.write(line, (error) => resolve(error === null || error === undefined)));
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const limit = setTimeout(() => child.kill("SIGKILL"), END_LIMIT_MS);
    child.once("exit", () => {
      clearTimeout(limit);
      resolve();
    });
    child.stdin?.end();
  });
}
