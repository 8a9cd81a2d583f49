// What a process does while one looks: its memory, its growing places, and what grew in a window of the time.

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { countOf } from "../../../src/base/format-count.ts";
import type { WatchedProcess } from "../../../src/model/watch-report.ts";
import { useWatch, type WatchPoint } from "../../api/use-watch.ts";
import { changedAddress } from "../../address/address.ts";
import { Notice } from "../../parts/notice.tsx";
import { ProblemNotice } from "../../parts/problem-notice.tsx";
import type { Store } from "../../store/store.ts";
import { isDark } from "../../store/theme.ts";
import { Plot } from "../../views/plot/plot.tsx";
import { TimeWindow } from "./time-window.tsx";
import { WindowGrowth } from "./window-growth.tsx";

const MOST_LINES = 6;

export function Watch({ store, pid }: { readonly store: Store; readonly pid: string }): VNode {
  const { latest, points, end, problem } = useWatch(pid);
  const process = latest?.processes[0];
  if (problem !== null) return <ProblemNotice problem={problem} />;
  if (process === undefined)
    return (
      <p class="loading" role="status">
        {end ?? "Taking a first snapshot, to know which places to follow…"}
      </p>
    );
  const last = points.length - 1;
  const chosen = chosenWindow(store.state().address.query, points);
  const [from, to] = chosen ?? [0, last];
  const choose = (window: readonly [number, number] | null): void => {
    const at = (index: number): string => String(Math.round((points[index]?.seconds ?? 0) * 10) / 10);
    const change = window === null ? { from: null, to: null } : { from: at(window[0]), to: at(window[1]) };
    store.replace(changedAddress(store.state().address, change));
  };
  return (
    <>
      {end !== null && <Notice kind="done">{end}</Notice>}
      <State process={process} />
      <Pictures points={points} process={process} isDark={isDark(store.state().theme)} />
      <TimeWindow points={points} from={from} to={to} onChange={choose} isWhole={chosen === null} />
      <WindowGrowth
        store={store}
        points={points}
        from={Math.min(from, last)}
        to={Math.min(to, last)}
        process={process}
      />
    </>
  );
}

/** The part of the time that stands in the address, in seconds, as points; null: all of it. */
function chosenWindow(
  { from, to }: Readonly<Record<string, string>>,
  points: readonly WatchPoint[],
): readonly [number, number] | null {
  if (from === undefined || to === undefined) return null;
  const start = nearestPoint(points, Number(from));
  return [start, Math.max(start + 1, nearestPoint(points, Number(to)))];
}

function nearestPoint(points: readonly WatchPoint[], seconds: number): number {
  let best = 0;
  for (const [at, point] of points.entries())
    if (Math.abs(point.seconds - seconds) < Math.abs((points[best]?.seconds ?? 0) - seconds)) best = at;
  return best;
}

function State({ process }: { readonly process: WatchedProcess }): VNode {
  const { verdict, because, memory, threads, state, snapshots } = process;
  return (
    <p>
      <span class={verdict === "steady" ? "chip good" : "chip warn"}>{verdict}</span> {because.join(" ")} Resident{" "}
      {formatBytes(memory.rssBytes)}, {countOf(threads, "thread")}, {state}, {countOf(snapshots, "snapshot")} taken.
    </p>
  );
}

interface PicturesProps {
  readonly points: readonly WatchPoint[];
  readonly process: WatchedProcess;
  readonly isDark: boolean;
}

function Pictures({ points, process, isDark: isDarkNow }: PicturesProps): VNode {
  const x = useMemo(() => points.map(({ seconds }) => seconds), [points]);
  const memory = useMemo(
    () => [
      { label: "resident", values: points.map(({ rssBytes }) => rssBytes) },
      { label: "live Python objects", values: points.map(({ pythonBytes }) => pythonBytes) },
      { label: "free in the allocator", values: points.map(({ allocatorFreeBytes }) => allocatorFreeBytes) },
    ],
    [points],
  );
  const paths = process.holders.slice(0, MOST_LINES).map(({ path }) => path);
  const growing = useMemo(
    () => paths.map((path) => ({ label: path, values: points.map(({ holders }) => holders.get(path) ?? null) })),
    [points, paths.join("\n")],
  );
  const common = { xUnit: "seconds", isDark: isDarkNow, mark: null } as const;
  return (
    <div class="plots">
      <section>
        <h2>Memory</h2>
        <Plot
          label="Memory over time; the latest values stand above"
          x={x}
          series={memory}
          look={{ ...common, unit: "bytes" }}
        />
      </section>
      <section>
        <h2>Growing places</h2>
        {growing.length === 0 ? (
          <Notice kind="empty">No place has grown since the watch began. Let it run on while the program works.</Notice>
        ) : (
          <Plot
            label="Entries of the places that grow; the table below says the same"
            x={x}
            series={growing}
            look={{ ...common, unit: "count" }}
          />
        )}
      </section>
    </div>
  );
}
