// `watch --otlp URL`: the same metrics, pushed to an OpenTelemetry collector over HTTP.

import { fail, ok, type Result } from "../../../base/result.ts";
import type { WatchReport } from "../../../model/watch-report.ts";
import { metricFamilies } from "../../../report/metric-families.ts";
import { otlpMetrics } from "../../../report/otlp-metrics.ts";
import type { Outlet } from "../outlets.ts";
import type { WatchProblem } from "../watch-session.ts";
import { createHolderChoice } from "./choose-holders.ts";

const MOST_HOLDERS = 100;
const PUSH_EVERY_MS = 15_000;
const PATIENCE_MS = 5000;

export interface PushOptions {
  readonly url: string;
  readonly toolVersion: string;
  /** Between two pushes; 15 s if not given. */
  readonly gapMs?: number;
}

/** A collector that does not answer is said once, and once more when it answers again. */
export function openMetricsPush({ url, toolVersion, gapMs }: PushOptions): Result<Outlet, WatchProblem> {
  const target = endpoint(url);
  if (target === null)
    return fail({ code: "usage", message: `--otlp needs an http address, as http://127.0.0.1:4318, not '${url}'` });
  const choose = createHolderChoice(MOST_HOLDERS);
  const startedMs = Date.now();
  const news: string[] = [];
  let pushedMs = Number.NEGATIVE_INFINITY;
  let isFailing = false;
  let underWay: Promise<void> | null = null;
  const push = async (report: WatchReport): Promise<void> => {
    const origin = { toolVersion, startedMs, nowMs: report.atMs };
    const problem = await post(target, JSON.stringify(otlpMetrics(metricFamilies(report, choose(report)), origin)));
    if (problem !== null && !isFailing)
      news.push(`Metrics are not taken by ${target.href}: ${problem}. It is tried again.`);
    if (problem === null && isFailing) news.push(`Metrics are taken by ${target.href} again.`);
    isFailing = problem !== null;
    underWay = null;
  };
  return ok({
    take: async (report) => {
      // The watch does not wait for a slow collector.
      if (underWay === null && performance.now() - pushedMs >= (gapMs ?? PUSH_EVERY_MS)) {
        pushedMs = performance.now();
        underWay = push(report);
      }
      return news.splice(0);
    },
    close: async () => (await underWay) ?? undefined,
  });
}

/** A base address gets the path of the specification; a full one stays. */
function endpoint(text: string): URL | null {
  try {
    const url = new URL(text);
    if (url.protocol !== "http:" && url.protocol !== "https:") return null;
    if (url.pathname === "/") url.pathname = "/v1/metrics";
    return url;
  } catch {
    return null;
  }
}

/** Why it was not taken; null when it was. */
async function post(url: URL, body: string): Promise<string | null> {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
    await response.arrayBuffer();
    return response.ok ? null : `it answers ${response.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}
