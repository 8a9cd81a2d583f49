// One version of one library from start to end: a service that uses it steadily, and `diagnose` beside it.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Diagnosis } from "../../src/model/diagnosis.ts";
import { readableProgram } from "../demo/allow-siblings.ts";
import { askDiagnosis } from "../leak-corpus/ask-diagnosis.ts";
import type { RealLeak } from "./cases.ts";

/** First calls cost memory that later calls do not. */
const BEFORE_MS = 3000;
const START_LIMIT_MS = 60_000;

export interface RunSettings {
  /** Command line of the tool, up to the name of the command. */
  readonly tool: readonly string[];
  readonly watchSeconds: number;
}

/** Rejects when the service does not start or the tool gives no answer. */
export async function diagnoseCase(
  { id, load }: RealLeak,
  python: string,
  { tool, watchSeconds }: RunSettings,
): Promise<Diagnosis> {
  const here = import.meta.dirname;
  const script = join(here, "cases", `${id}.py`);
  const words = [join(here, "serve.py"), script, String(load.calls), String(load.pauseSeconds)];
  const { args } = readableProgram(["-W", "ignore", ...words]);
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(python, args, { stdio: ["pipe", "pipe", "pipe"], env });
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints = (complaints + chunk.toString("utf8")).slice(-2000);
  });
  try {
    for await (const _ready of createInterface({ input: child.stdout, signal: AbortSignal.timeout(START_LIMIT_MS) })) {
      break;
    }
    await sleep(BEFORE_MS);
    return await askDiagnosis(child.pid ?? 0, tool, watchSeconds);
  } catch (error) {
    throw new Error(`${String(error)} ${complaints.trim()}`, { cause: error });
  } finally {
    child.kill("SIGKILL");
  }
}
