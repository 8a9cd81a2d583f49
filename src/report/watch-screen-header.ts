// The top of the terminal view: who is watched, where its memory is, and when it will be used up.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import { shellWord } from "../base/format-shell.ts";
import type { WatchedForecast, WatchedMemory, WatchedProcess } from "../model/watch-report.ts";
import { type Line, type Span, span, type Tone } from "./text-style.ts";
import { stateWord } from "./watch-words.ts";

/** Seven lines at most for one process, four for several. */
export function headerLines(shown: readonly WatchedProcess[]): readonly Line[] {
  const [first] = shown;
  if (first === undefined) return [[span(" nothing is watched at the moment", "warning")]];
  const title = titleOf(shown, first);
  const memory = memoryLines(sumOf(shown), shown.length > 1);
  const limit = limitLine(first, shown);
  if (shown.length > 1) return [title, ...memory, limit];
  return [title, ...memory, limit, processLine(first), collectorLine(first), becauseLine(first)];
}

function titleOf(shown: readonly WatchedProcess[], first: WatchedProcess): Line {
  const who = shown.length > 1 ? `${shown.length} workers of` : `${first.pid}`;
  const [program = "", ...words] = first.command;
  const command = [program.slice(program.lastIndexOf("/") + 1), ...words].map(shellWord).join(" ");
  const stateTone: Tone = first.state === "running" ? "plain" : "warning";
  const state = shown.length > 1 ? [] : [span(` · ${stateWord(first.state)}`, stateTone)];
  return [
    span(` ${who} `, "strong"),
    span(command, "name"),
    span(` · Python ${first.python}`),
    ...state,
    span(` · watched for ${formatDuration(Math.max(...shown.map(({ seconds }) => seconds)) * 1000)}`, "faint"),
  ];
}

function sumOf(shown: readonly WatchedProcess[]): WatchedMemory {
  const sum = (valueOf: (memory: WatchedMemory) => number | null): number =>
    shown.reduce((all, { memory }) => all + (valueOf(memory) ?? 0), 0);
  const some = (valueOf: (memory: WatchedMemory) => number | null): number | null =>
    shown.every(({ memory }) => valueOf(memory) === null) ? null : sum(valueOf);
  return {
    rssBytes: sum(({ rssBytes }) => rssBytes),
    anonBytes: sum(({ anonBytes }) => anonBytes),
    fileBytes: sum(({ fileBytes }) => fileBytes),
    shmemBytes: sum(({ shmemBytes }) => shmemBytes),
    swapBytes: sum(({ swapBytes }) => swapBytes),
    pssBytes: some(({ pssBytes }) => pssBytes),
    pythonBytes: some(({ pythonBytes }) => pythonBytes),
    allocatorFreeBytes: some(({ allocatorFreeBytes }) => allocatorFreeBytes),
  };
}

function memoryLines(memory: WatchedMemory, isSum: boolean): Line[] {
  const { rssBytes, anonBytes, fileBytes, shmemBytes, swapBytes, pssBytes, pythonBytes, allocatorFreeBytes } = memory;
  const split = `${formatBytes(anonBytes)} own, ${formatBytes(fileBytes)} files, ${formatBytes(shmemBytes)} shared`;
  const swap = swapBytes > 0 ? `, ${formatBytes(swapBytes)} swapped out` : "";
  const share = pssBytes === null ? "" : ` · ${formatBytes(pssBytes)} PSS`;
  const total = [span(" Memory  "), span(formatBytes(rssBytes), "strong"), span(` resident: ${split}${swap}`)];
  const python =
    pythonBytes === null || allocatorFreeBytes === null
      ? []
      : [
          span(
            `         Python's allocator: ${formatBytes(pythonBytes)} in use, ${formatBytes(allocatorFreeBytes)} free`,
          ),
        ];
  const second: Span[] = [...python, ...(isSum || python.length > 0 ? [span(share)] : [])];
  return second.length === 0 ? [total] : [total, second];
}

function limitLine(first: WatchedProcess, shown: readonly WatchedProcess[]): Line {
  const { group } = first;
  if (group === null || group.limitBytes === null) return [span(" Limit   "), span("none", "faint")];
  const used = group.usageBytes - group.reclaimableBytes;
  const share = used / group.limitBytes;
  const tone: Tone = share > 0.9 ? "bad" : share > 0.75 ? "warning" : "plain";
  const amount = `${formatBytes(used)} of ${formatBytes(group.limitBytes)} (${formatPercent(share, 0)})`;
  const pressure =
    (group.pressurePercent ?? 0) > 0
      ? [span(` · pressure ${(group.pressurePercent ?? 0).toFixed(0)} %`, "warning")]
      : [];
  const soonest = shown
    .map(({ forecast }) => forecast)
    .toSorted((a, b) => (a.reachedInSeconds ?? Infinity) - (b.reachedInSeconds ?? Infinity))[0];
  return [span(" Limit   "), span(amount, tone), ...pressure, ...forecastSpans(soonest ?? first.forecast)];
}

function forecastSpans({ reachedInSeconds, soonestSeconds, latestSeconds }: WatchedForecast): Span[] {
  if (reachedInSeconds === null) return [];
  if (reachedInSeconds < 1) return [span(" · "), span("full", "bad")];
  const words = (seconds: number | null): string => (seconds === null ? "never" : formatDuration(seconds * 1000));
  const range = ` (${words(soonestSeconds)} to ${words(latestSeconds)})`;
  return [span(" · full in "), span(words(reachedInSeconds), "bad"), span(range, "faint")];
}

function processLine({ verdict, threads, descriptors, cpuShare }: WatchedProcess): Line {
  const open =
    descriptors === null
      ? ""
      : ` · ${countOf(sumOfDescriptors(descriptors), "descriptor")} (${descriptorKinds(descriptors)})`;
  const cpu = cpuShare === null ? "" : ` · ${formatPercent(cpuShare, 0)} CPU`;
  return [span(" Process "), span(verdict, "strong"), span(` · ${countOf(threads, "thread")}${open}${cpu}`)];
}

function descriptorKinds({ files, sockets, pipes }: NonNullable<WatchedProcess["descriptors"]>): string {
  return [countOf(files, "file"), countOf(sockets, "socket"), countOf(pipes, "pipe")].join(", ");
}

function sumOfDescriptors({ files, sockets, pipes, others }: NonNullable<WatchedProcess["descriptors"]>): number {
  return files + sockets + pipes + others;
}

function collectorLine({ collector }: WatchedProcess): Line {
  if (collector === null) return [span(" GC      "), span("cannot be read", "faint")];
  const { isEnabled, collections, uncollectable, pending } = collector;
  const counts = collections.map(formatCount).join(" + ");
  return [
    span(" GC      "),
    isEnabled ? span("on") : span("off", "warning"),
    span(` · ${counts} collections · ${countOf(uncollectable, "object")} uncollectable · ${formatCount(pending)} new`),
  ];
}

function becauseLine({ because }: WatchedProcess): Line {
  return [span(`         ${because[0] ?? ""}`, "faint")];
}
