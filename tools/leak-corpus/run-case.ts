// One case from start to end: the service under traffic, `diagnose` beside it, and whether both did what they should.

import { setTimeout as sleep } from "node:timers/promises";
import type { Diagnosis } from "../../src/model/diagnosis.ts";
import { askDiagnosis } from "./ask-diagnosis.ts";
import type { LeakCase } from "./cases.ts";
import { type Judgement, judgeCase } from "./judge-case.ts";
import { startService } from "./start-service.ts";
import { type RunningTraffic, sendTraffic } from "./traffic.ts";

/** Traffic that the service gets before anybody looks: first calls cost memory that later calls do not. */
const BEFORE_MS = 3000;

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
    const traffic = sendTraffic(service.port, leakCase.traffic);
    const diagnosis = await diagnoseUnder(traffic, service.pid, leakCase, settings);
    const judgement = judgeCase(leakCase, diagnosis);
    const troubles = [...traffic.failures(), service.complaints().trim()].filter((text) => text !== "");
    return { leakCase, judgement: { ...judgement, misses: [...judgement.misses, ...troubles] }, diagnosis };
  } catch (error) {
    return { leakCase, judgement: noAnswer(leakCase, String(error)), diagnosis: null };
  }
}

async function diagnoseUnder(
  traffic: RunningTraffic,
  pid: number,
  { row }: LeakCase,
  settings: RunSettings,
): Promise<Diagnosis> {
  try {
    await sleep(BEFORE_MS);
    // What ends during the watch would look like warm-up; what came before it uses none of the room that is left.
    if (row.mostRequests !== undefined) traffic.limit(row.mostRequests);
    return await askDiagnosis(pid, settings.tool, settings.watchSeconds);
  } finally {
    await traffic.stop();
  }
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
