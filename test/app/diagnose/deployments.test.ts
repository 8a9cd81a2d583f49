// `diagnose` of the same small leaking shop, however it is deployed: the process that works is found from the one that was started
// and by its command line, and the holder and its line are right.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseByPattern, chooseByPid } from "../../../src/app/diagnose/choose-target.ts";
import { diagnoseProcess } from "../../../src/app/diagnose/diagnose-process.ts";
import type { Diagnosis } from "../../../src/model/diagnosis.ts";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import { packageVenv } from "../../support/package-venv.ts";
import { deploy, DEPLOYMENTS, PACKAGES } from "./deployments.ts";

const LONGEST_MS = 240_000;
const WATCH_SECONDS = 15;
const SHOP = join(import.meta.dirname, "served/shop.py");
const LINE =
  readFileSync(SHOP, "utf8")
    .split("\n")
    .findIndex((line) => line.includes("# leak: here")) + 1;

const python = findInterpreters().findLast(({ minor }) => minor >= 11 && minor <= 12) ?? findInterpreters().at(-1)!;
const venv = packageVenv(python, PACKAGES, true);
const reason = "reason" in venv ? ` SKIPPED: ${venv.reason}` : "";

describe.concurrent(`on ${describeInterpreter(python)}${reason}`, { timeout: LONGEST_MS }, () => {
  it.skipIf("reason" in venv).each(DEPLOYMENTS.map((each) => [each.name, each] as const))(
    "%s: the worker, the holder and the line",
    async (_, deployment) => {
      await using running = await deploy("program" in venv ? venv.program : "", deployment);
      // 1. The process that works.
      const chosen = await chooseByPid(running.pid);
      expect(chosen.pid === running.pid, running.complaints()).toBe(!deployment.isSupervised);
      expect(chosen.workers).toContain(chosen.pid);
      expect(chosen.notices.join(" ").includes(`Process ${running.pid} only supervises`)).toBe(deployment.isSupervised);
      const matched = await chooseByPattern(running.pattern);
      expect(matched.ok && chosen.workers.includes(matched.value.pid), JSON.stringify(matched)).toBe(true);
      // 2. What it leaks.
      // On a busy machine a worker may have no request while it is watched, and celery replaces one that is slow to start.
      const first = await diagnose(running.pid);
      const diagnosis = orThrow(first.ok && first.value.leaks.length > 0 ? first : await diagnose(running.pid));
      const [leak] = diagnosis.leaks;
      const said = JSON.stringify([diagnosis.verdict, diagnosis.because, diagnosis.dismissed, diagnosis.warnings]);
      expect([leak?.holder.module, leak?.holder.name, leak?.leaked.type], said).toEqual([
        "shop",
        "REGISTRY",
        "shop.Session",
      ]);
      expect(leak?.sites.map(({ file, line }) => [file, line])).toContainEqual([SHOP, LINE]);
      expect(["leak", "suspect"]).toContain(diagnosis.verdict);
    },
  );
});

async function diagnose(pid: number): ReturnType<typeof diagnoseProcess> {
  return await diagnoseProcess({
    target: { kind: "pid", pid },
    forSeconds: WATCH_SECONDS,
    samplesPerSecond: 4,
    snapshots: null,
    load: null,
    keepFolder: null,
    compareFile: null,
    maxPauseMs: 30_000,
    toolVersion: "test",
    progress: () => {},
    signal: new AbortController().signal,
  });
}

function orThrow(found: Awaited<ReturnType<typeof diagnose>>): Diagnosis {
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}
