// Where a watch goes besides the screen: a recording, metrics that are fetched, metrics that are pushed. What goes wrong with
// one of them is said once, and the watch goes on.

import { ok, type Result } from "../../base/result.ts";
import type { Gauge } from "../../model/gauge.ts";
import type { ProcessEnd } from "../../model/process-end.ts";
import type { ProcessSample } from "../../model/sample.ts";
import type { WatchReport } from "../../model/watch-report.ts";
import { openMetricsPush } from "./metrics/push-metrics.ts";
import { openMetricsServer } from "./metrics/serve-metrics.ts";
import { openRecorder } from "./record/record-history.ts";
import type { WatchAsked, WatchProblem } from "./watch-session.ts";

/** What is known of a process beside its view. */
export interface RawProcess {
  readonly startTicks: number;
  /** Its working folder; null when it cannot be read. */
  readonly folder: string | null;
  /** The latest sample, with what was read rarely since it was last taken. */
  readonly takeSample: () => ProcessSample | null;
  readonly gaugeAt: (address: string) => Gauge | null;
}

export interface Outlet {
  /** Sentences about what went wrong, if it has not been said before. */
  readonly take: (report: WatchReport, rawOf: (pid: number) => RawProcess | null) => Promise<readonly string[]>;
  readonly snapshotKept?: (pid: number, file: string, why: string) => readonly string[];
  readonly processEnded?: (pid: number, startTicks: number, end: ProcessEnd) => readonly string[];
  readonly close: () => Promise<void>;
}

export interface Outlets extends AsyncDisposable {
  readonly take: Outlet["take"];
  readonly snapshotKept: (pid: number, file: string, why: string) => Promise<readonly string[]>;
  readonly processEnded: (pid: number, startTicks: number, end: ProcessEnd) => readonly string[];
}

/** Each is opened when it is asked for; the first that cannot be ends the watch before it begins. */
export async function openOutlets(asked: WatchAsked): Promise<Result<Outlets, WatchProblem>> {
  const { record, metrics, otlp, toolVersion } = asked;
  const openings: (() => Promise<Result<Outlet, WatchProblem>>)[] = [];
  if (metrics !== null) openings.push(async () => await openMetricsServer(metrics));
  if (otlp !== null) openings.push(async () => openMetricsPush({ url: otlp, toolVersion }));
  if (record !== null) openings.push(async () => await openRecorder(record));
  const opened: Outlet[] = [];
  for (const open of openings) {
    const outlet = await open();
    if (!outlet.ok) {
      for (const each of opened) await each.close();
      return outlet;
    }
    opened.push(outlet.value);
  }
  return ok({
    take: async (report, rawOf) => (await Promise.all(opened.map((each) => each.take(report, rawOf)))).flat(),
    snapshotKept: async (pid, file, why) => opened.flatMap((each) => each.snapshotKept?.(pid, file, why) ?? []),
    processEnded: (pid, startTicks, end) => opened.flatMap((each) => each.processEnded?.(pid, startTicks, end) ?? []),
    [Symbol.asyncDispose]: async () => {
      for (const each of opened) await each.close();
    },
  });
}
