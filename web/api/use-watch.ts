// A live watch of a process: what it said so far. It goes on for as long as somebody looks.

import { useEffect, useState } from "preact/hooks";
import type { WatchReport } from "../../src/model/watch-report.ts";
import type { ApiProblem } from "./api.ts";

/** One moment of it. */
export interface WatchPoint {
  readonly seconds: number;
  readonly rssBytes: number;
  /** Null where it was not read. */
  readonly pythonBytes: number | null;
  readonly allocatorFreeBytes: number | null;
  /** Entries or bytes, by path. */
  readonly holders: ReadonlyMap<string, number>;
}

export interface LiveWatch {
  readonly latest: WatchReport | null;
  /** The oldest first. */
  readonly points: readonly WatchPoint[];
  /** Why it ended; null while it goes on. */
  readonly end: string | null;
  readonly problem: ApiProblem | null;
}

/** An hour. */
const MOST_POINTS = 3600;
const NOTHING: LiveWatch = { latest: null, points: [], end: null, problem: null };

/** Nothing is watched for null. */
export function useWatch(pid: string | null): LiveWatch {
  const [watch, setWatch] = useState<LiveWatch>(NOTHING);
  useEffect(() => {
    setWatch(NOTHING);
    if (pid === null) return undefined;
    const events = new EventSource(`/api/processes/${pid}/watch`);
    events.addEventListener("report", ({ data }) => {
      const report = JSON.parse(String(data)) as WatchReport;
      setWatch((before) => ({ ...before, latest: report, points: withPoint(before.points, report) }));
    });
    // A browser would begin anew, and the process would stand still once more.
    events.addEventListener("end", ({ data }: MessageEvent) => {
      events.close();
      setWatch((before) => ({ ...before, end: (JSON.parse(String(data)) as { sentence: string }).sentence }));
    });
    events.addEventListener("problem", ({ data }: MessageEvent) => {
      events.close();
      setWatch((before) => ({ ...before, problem: JSON.parse(String(data)) as ApiProblem }));
    });
    events.addEventListener("error", () => {
      events.close();
      setWatch((before) => ((before.end ?? before.problem) === null ? { ...before, end: LOST } : before));
    });
    return () => events.close();
  }, [pid]);
  return watch;
}

const LOST = "The connection to the server ended. Reload this page to watch again.";

function withPoint(points: readonly WatchPoint[], report: WatchReport): readonly WatchPoint[] {
  const [process] = report.processes;
  if (process === undefined) return points;
  const { rssBytes, pythonBytes, allocatorFreeBytes } = process.memory;
  const holders = new Map(process.holders.map(({ path, now }) => [path, now]));
  const point: WatchPoint = { seconds: report.seconds, rssBytes, pythonBytes, allocatorFreeBytes, holders };
  return [...points.slice(-MOST_POINTS + 1), point];
}
