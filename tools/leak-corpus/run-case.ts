// One case from start to end: the service under traffic, `diagnose` beside it, and whether both did what they should.

import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Diagnosis } from "../../src/model/diagnosis.ts";
import type { LeakCase } from "./cases.ts";
import { type Judgement, judgeCase } from "./judge-case.ts";
import { startService } from "./start-service.ts";
import { type RunningTraffic, sendTraffic } from "./traffic.ts";

/** Traffic that the service gets before anybody looks: first calls cost memory that later calls do not. */
const BEFORE_MS = 3000;
/** What diagnose may take beyond the time that it watches, on a busy machine. */
const BEYOND_MS = 120_000;

export interface RunSettings {
  readonly python: string;
  /** Command line of the tool, up to the name of the command. */
  readonly tool: readonly string[];
  readonly watchSeconds: number;
}

export interface CaseResult {
  readonly leakCase: LeakCase;
  readonly judgement: Judgement;
  /** Null when there was no answer. */
  readonly diagnosis: Diagnosis | null;
}

/** Runs a case. Never rejects: what went wrong is a miss. */
export async function runCase(leakCase: LeakCase, settings: RunSettings): Promise<CaseResult> {
  try {
    await using service = await startService(settings.python, leakCase);
    const traffic = sendTraffic(service.port, leakCase.traffic, leakCase.row.mostRequests ?? null);
    const diagnosis = await diagnoseUnder(traffic, service.pid, settings);
    const judgement = judgeCase(leakCase, diagnosis);
    const troubles = [...traffic.failures(), service.complaints().trim()].filter((text) => text !== "");
    return { leakCase, judgement: { ...judgement, misses: [...judgement.misses, ...troubles] }, diagnosis };
  } catch (error) {
    return { leakCase, judgement: noAnswer(leakCase, String(error)), diagnosis: null };
  }
}

async function diagnoseUnder(traffic: RunningTraffic, pid: number, settings: RunSettings): Promise<Diagnosis> {
  try {
    await sleep(BEFORE_MS);
    return await diagnose(pid, settings);
  } finally {
    await traffic.stop();
  }
}

/** Asks the built tool. Exit code 1 means findings. */
function diagnose(pid: number, { tool, watchSeconds }: RunSettings): Promise<Diagnosis> {
  const [program = process.execPath, ...args] = tool;
  const child = spawn(program, [...args, "diagnose", String(pid), "--for", `${watchSeconds}s`, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: watchSeconds * 1000 + BEYOND_MS,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((settle, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const said = Buffer.concat(stderr).toString("utf8").trim();
      if (code !== 0 && code !== 1) return reject(new Error(`diagnose ended with ${code ?? signal}: ${said}`));
      try {
        settle(JSON.parse(Buffer.concat(stdout).toString("utf8")) as Diagnosis);
      } catch {
        reject(new Error(`diagnose printed no JSON: ${said}`));
      }
    });
  });
}

function noAnswer({ verdicts }: LeakCase, because: string): Judgement {
  return {
    expected: verdicts.join("|"),
    verdict: "-",
    cause: "-",
    holder: "-",
    isLineRight: null,
    misses: [because],
  };
}
