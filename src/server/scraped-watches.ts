// Processes that a monitoring system fetches metrics of. The first question about a process begins a watch of it, which goes on
// for as long as somebody keeps asking.

import { setTimeout as delay } from "node:timers/promises";
import { startBackground } from "../app/background/background.ts";
import type { TaskProblem } from "../app/background/task.ts";
import { createHolderChoice } from "../app/watch/metrics/choose-holders.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { WatchReport } from "../model/watch-report.ts";
import { type FilledFamily, metricFamilies } from "../report/metric-families.ts";
import type { DeskOptions } from "./desk.ts";
import { watchAsked } from "./watch-asked.ts";

export interface ScrapedWatches extends AsyncDisposable {
  /** Begins the watch of a process, unless it is on; waits for its first report. Fails when it cannot be watched. */
  follow(pid: number): Promise<Result<null, TaskProblem>>;
  /** What the latest reports of all processes that are followed say. */
  families(): readonly FilledFamily[];
}

/** Each reads a heap once, and keeps a thread. */
const MOST_FOLLOWED = 8;
const MOST_HOLDERS = 100;
/** Monitoring asks every minute or so; who has not come for this long will not come again. */
const PATIENCE_MS = 300_000;
/** Prometheus waits ten seconds for an answer. */
const FIRST_REPORT_MS = 8000;
const PACE = { samplesPerSecond: 1, reportEveryMs: 5000 };

interface Followed {
  readonly isChosen: ReturnType<typeof createHolderChoice>;
  readonly begun: Promise<Result<null, TaskProblem>>;
  readonly over: Promise<void>;
  readonly end: AbortController;
  report: WatchReport | null;
  askedAtMs: number;
}

export function createScrapedWatches(
  options: Pick<DeskOptions, "maxPauseMs" | "folder" | "toolVersion">,
): ScrapedWatches {
  const followed = new Map<number, Followed>();
  const forgetQuiet = (): void => {
    for (const [pid, each] of followed) if (performance.now() - each.askedAtMs > PATIENCE_MS) drop(pid, each);
  };
  const drop = (pid: number, each: Followed): void => {
    if (followed.get(pid) === each) followed.delete(pid);
    each.end.abort();
  };
  const timer = setInterval(forgetQuiet, PATIENCE_MS / 10);
  timer.unref();
  return {
    follow: async (pid) => {
      const known = followed.get(pid);
      if (known === undefined && followed.size >= MOST_FOLLOWED)
        return fail({
          code: "busy",
          message: `${MOST_FOLLOWED} processes are followed already, and more would cost too much.`,
        });
      const each = known ?? begin(pid, options, () => drop(pid, each));
      each.askedAtMs = performance.now();
      followed.set(pid, each);
      return await inTime(each.begun, pid);
    },
    families: () =>
      merged(
        [...followed.values()].flatMap(({ report, isChosen }) =>
          report === null ? [] : [metricFamilies(report, isChosen(report))],
        ),
      ),
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      const open = [...followed];
      for (const [pid, each] of open) drop(pid, each);
      await Promise.all(open.map(([, { over }]) => over));
    },
  };
}

function begin(
  pid: number,
  options: Pick<DeskOptions, "maxPauseMs" | "folder" | "toolVersion">,
  onEnd: () => void,
): Followed {
  const end = new AbortController();
  let settle: (begun: Result<null, TaskProblem>) => void = () => {};
  const begun = new Promise<Result<null, TaskProblem>>((resolve) => (settle = resolve));
  const hear = (report: WatchReport): void => {
    followed.report = report;
    settle(ok(null));
  };
  const run = async (): Promise<void> => {
    await using thread = startBackground();
    const ended = await thread.ask("watch", watchAsked(pid, options, PACE), { signal: end.signal, hear });
    settle(ended.ok ? ok(null) : ended);
    onEnd();
  };
  const followed: Followed = {
    isChosen: createHolderChoice(MOST_HOLDERS),
    begun,
    // Begins when `followed` is there.
    over: Promise.resolve().then(run),
    end,
    report: null,
    askedAtMs: performance.now(),
  };
  return followed;
}

/** A watch that has not reported yet is said to have begun, so that whoever asks comes again. */
async function inTime(begun: Followed["begun"], pid: number): Promise<Result<null, TaskProblem>> {
  const over = new AbortController();
  const late = delay(FIRST_REPORT_MS, null, { signal: over.signal }).then(
    () => fail({ code: "too-early", message: `The watch of process ${pid} has only begun; ask again.` }),
    () => ok(null),
  );
  const first = await Promise.race([begun, late]);
  over.abort();
  return first;
}

/** The points of several reports under one head each. */
function merged(reports: readonly (readonly FilledFamily[])[]): readonly FilledFamily[] {
  const families = new Map<string, FilledFamily>();
  for (const family of reports.flat()) {
    const known = families.get(family.name);
    families.set(family.name, known === undefined ? family : { ...known, points: [...known.points, ...family.points] });
  }
  return [...families.values()];
}
