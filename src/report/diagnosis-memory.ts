// Where the resident memory is, and when it will reach the limit.

import { formatBytes } from "../base/format-bytes.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import type { Diagnosis, MemorySplit } from "../model/diagnosis.ts";
import { heading, sentence } from "./prose.ts";
import { column, flexibleColumn, row, tableLines } from "./table.ts";
import { type Line, span, type TextStyle } from "./text-style.ts";

export function memoryLines(report: Diagnosis, style: TextStyle): Line[] {
  const { memory } = report;
  const rows = partsOf(memory).map(([what, bytes]) =>
    row([span(formatBytes(bytes), "strong"), span(formatPercent(bytes / Math.max(1, memory.rssBytes))), span(what)]),
  );
  return [
    ...heading(`Resident memory: ${formatBytes(memory.rssBytes)}`),
    ...tableLines([column("Size"), column("Share"), flexibleColumn("What")], rows, style),
    ...forecastLines(report, style),
  ];
}

function partsOf(memory: MemorySplit): readonly (readonly [string, number])[] {
  return [
    ["Python objects", memory.pythonLiveBytes],
    ["free inside Python's allocator", memory.allocatorFreeBytes],
    ["other: C libraries, stacks, what malloc keeps free", memory.nativeBytes],
    ["shared with other processes: files, libraries", memory.sharedBytes],
  ];
}

function forecastLines({ forecast }: Diagnosis, style: TextStyle): Line[] {
  const { limitBytes, reachedInSeconds } = forecast;
  if (limitBytes === null || reachedInSeconds === null) return [];
  const limit = `limit of ${formatBytes(limitBytes)}`;
  const text =
    reachedInSeconds < 1
      ? `The ${limit} has been reached.`
      : `At this rate the ${limit} is reached in ${formatDuration(reachedInSeconds * 1000)}.`;
  return sentence(text, style, "warning");
}
