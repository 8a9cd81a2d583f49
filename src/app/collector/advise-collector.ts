// What to do about the collector, each with the figures that say so.

import { formatBytes } from "../../base/format-bytes.ts";
import { countOf } from "../../base/format-count.ts";
import { formatDuration } from "../../base/format-duration.ts";
import { formatPercent } from "../../base/format-percent.ts";
import type { CollectedProcess, CollectorAdvice } from "../../model/collector-report.ts";

/** Less is not worth a line in anybody's program. */
const LEAST_UNSHARED_BYTES: number = 2 * 2 ** 20;
const LEAST_UNSHARED_SHARE = 0.05;
/** CPython 3.12 freezes some hundred objects of its own at start. */
const BY_THE_INTERPRETER = 10_000;
/** A request that waits this long is noticed. */
const LONG_PAUSE_MS = 50;
const LARGE_SHARE = 0.05;
const MOST_NAMED = 5;

/** Nothing for a collector that does its work unnoticed. Pauses that we asked for (`isForced`) say nothing of the program. */
export function adviceFor(
  processes: readonly CollectedProcess[],
  seconds: number,
  isForced: boolean,
): readonly CollectorAdvice[] {
  const own = isForced ? [] : pauses(processes, seconds);
  return [...freeze(processes), ...disabled(processes), ...uncollectable(processes), ...own];
}

/** A full collection writes into the header of every object it looks at: each page of a fork that holds one is copied. */
function freeze(processes: readonly CollectedProcess[]): readonly CollectorAdvice[] {
  const found = processes.filter((each) => isUnshared(each) && hasFullCollection(each));
  if (found.length === 0) return [];
  const bytes = found.reduce((sum, each) => sum + (each.unsharedBytes ?? 0), 0);
  const parents = [...new Set(found.map(({ parentPid }) => parentPid))].join(", ");
  const isFrozen = found.every(({ frozen }) => frozen > BY_THE_INTERPRETER);
  return [
    {
      about: "freeze",
      text: `Collections made ${countOf(found.length, "worker")} copy ${formatBytes(bytes)} that they shared with process ${parents}: ${pids(found)}. ${isFrozen ? "Something is frozen already, but not what came after it: call" : "Call"} gc.freeze() in the parent when everything is loaded, right before it forks, so that no collection touches those objects (gunicorn with --preload: at the end of the application's module, or in a when_ready hook).`,
    },
  ];
}

function isUnshared({ unsharedBytes, before }: CollectedProcess): boolean {
  if (unsharedBytes === null || before === null) return false;
  return unsharedBytes >= Math.max(LEAST_UNSHARED_BYTES, before.sharedBytes * LEAST_UNSHARED_SHARE);
}

function hasFullCollection({ generations }: CollectedProcess): boolean {
  return generations.some(({ generation, collections }) => generation === 2 && collections > 0);
}

function disabled(processes: readonly CollectedProcess[]): readonly CollectorAdvice[] {
  const off = processes.filter(({ enabled }) => !enabled);
  if (off.length === 0) return [];
  const text = `The collector is off in ${pids(off)}: cycles stay until gc.collect() is called. \`deadweight diagnose PID\` says whether any pile up.`;
  return [{ about: "disabled", text }];
}

function uncollectable(processes: readonly CollectedProcess[]): readonly CollectorAdvice[] {
  return processes.flatMap(({ pid, garbage, generations }): CollectorAdvice[] => {
    const count = generations.reduce((sum, each) => sum + each.uncollectable, 0);
    if (count === 0 && garbage === 0) return [];
    const text = `Process ${pid} has ${countOf(garbage, "object")} in gc.garbage, and ${countOf(count, "object")} could not be collected meanwhile: what they hold stays for good. \`deadweight why ${pid}\` names who they are.`;
    return [{ about: "uncollectable", text }];
  });
}

function pauses(processes: readonly CollectedProcess[], seconds: number): readonly CollectorAdvice[] {
  return processes.flatMap(({ pid, generations, frozen }): CollectorAdvice[] => {
    const total = generations.reduce((sum, each) => sum + each.pauseMs, 0);
    const longest = Math.max(0, ...generations.map(({ longestPauseMs }) => longestPauseMs));
    const share = total / (seconds * 1000);
    if (longest < LONG_PAUSE_MS && share < LARGE_SHARE) return [];
    const how =
      frozen > BY_THE_INTERPRETER
        ? "Raise gc.set_threshold, or make fewer objects that the collector has to follow"
        : "gc.freeze() after start-up takes what lives for ever out of every collection";
    const text = `Collections stop process ${pid} for up to ${formatDuration(longest)}, ${formatPercent(share)} of the time. ${how}.`;
    return [{ about: "pauses", text }];
  });
}

function pids(processes: readonly CollectedProcess[]): string {
  const named = processes.slice(0, MOST_NAMED).map(({ pid }) => pid);
  const more = processes.length - named.length;
  return `process${processes.length === 1 ? "" : "es"} ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
