// Whether a service of the corpus does what the table says of it, without the tool: it answers, it grows or it does not,
// it complains of nothing and it ends when it is told, in either way.

import { setTimeout as sleep } from "node:timers/promises";
import type { LeakCase } from "./cases.ts";
import { startService } from "./start-service.ts";
import { askSize, sendTraffic } from "./traffic.ts";

/** After these, bounded things are full. */
const FILLING_REQUESTS = 420;
const MEASURED_REQUESTS = 280;
const PER_SECOND = 300;
const LIMIT_MS = 120_000;
const LOOK_MS = 50;
/** Of the growth that the table names: a leak grows by more than the larger share, its twin by less than the smaller. */
const GROWS = 0.8;
const FLAT = 0.25;

export interface ServiceCheck {
  readonly leakCase: LeakCase;
  /** How much the measured size grew with each request. */
  readonly growthPerRequest: number;
  readonly misses: readonly string[];
}

/** Checks one service. Never rejects: what went wrong is a miss. */
export async function checkService(leakCase: LeakCase, python: string): Promise<ServiceCheck> {
  try {
    const { growth, troubles } = await measure(leakCase, python);
    return { leakCase, growthPerRequest: growth, misses: [...growthMisses(leakCase, growth), ...troubles] };
  } catch (error) {
    return { leakCase, growthPerRequest: Number.NaN, misses: [String(error)] };
  }
}

async function measure(leakCase: LeakCase, python: string): Promise<{ growth: number; troubles: readonly string[] }> {
  await using service = await startService(python, leakCase);
  const { protocol } = leakCase.traffic;
  const quick = { ...leakCase.traffic, perSecond: PER_SECOND, steps: [] };
  const traffic = sendTraffic(service.port, quick, FILLING_REQUESTS + MEASURED_REQUESTS);
  const reached = async (requests: number): Promise<{ requests: number; size: number }> => {
    const untilMs = performance.now() + LIMIT_MS;
    while (traffic.answered() < requests && traffic.failures().length === 0 && performance.now() < untilMs)
      await sleep(LOOK_MS);
    return { requests: traffic.answered(), size: await askSize(service.port, protocol) };
  };
  const before = await reached(FILLING_REQUESTS);
  const after = await reached(FILLING_REQUESTS + MEASURED_REQUESTS);
  await traffic.stop();
  const how = await service.end(leakCase.kind === "leak" ? "end of input" : "SIGTERM");
  const ending = how === 0 ? [] : [`it ended with ${how}`];
  const troubles = [...ending, ...traffic.failures(), service.complaints().trim()].filter((text) => text !== "");
  return { growth: (after.size - before.size) / (after.requests - before.requests), troubles };
}

function growthMisses({ kind, row }: LeakCase, growth: number): readonly string[] {
  const named = row.growthPerRequest ?? 1;
  switch (kind) {
    case "leak":
      return growth >= GROWS * named ? [] : [`grows by ${growth.toFixed(2)} per request, not by ${named}`];
    case "fixed":
      return growth <= FLAT * named ? [] : [`the twin grows by ${growth.toFixed(2)} per request`];
    // Some that are no leak do grow for a while: only `diagnose` is asked about them.
    case "non-leak":
      return Number.isFinite(growth) ? [] : ["it did not say its size"];
  }
}
