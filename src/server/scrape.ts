// `GET /metrics`: OpenMetrics text for a monitoring system.

import type { Context } from "hono";
import { OPEN_METRICS_TYPE, openMetricsText } from "../report/open-metrics.ts";
import type { ScrapedWatches } from "./scraped-watches.ts";

const MOST_ASKED = 8;

/** `?pid=4711`, several times for several processes; without it, those that are followed already. */
export async function scrape(context: Context, watches: ScrapedWatches): Promise<Response> {
  const pids = (context.req.queries("pid") ?? []).map(Number);
  if (pids.length > MOST_ASKED || pids.some((pid) => !Number.isSafeInteger(pid) || pid < 1))
    return context.text(`pid must be a process id, and at most ${MOST_ASKED} of them can be asked for.\n`, 400);
  const begun = await Promise.all(pids.map(async (pid) => await watches.follow(pid)));
  const problem = begun.find((each) => !each.ok);
  if (problem !== undefined && !problem.ok) return context.text(`${problem.error.message}\n`, 503);
  context.header("Content-Type", OPEN_METRICS_TYPE);
  return context.body(openMetricsText(watches.families()));
}
