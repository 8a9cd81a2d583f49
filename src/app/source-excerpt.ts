// Lines of source around the place that keeps an object. Which file that is, is read from the heap: whoever asks names an object
// and never a path, and only files whose code the process had loaded are opened.

import { readFileSync } from "node:fs";
import { extname, isAbsolute } from "node:path";
import { formatCount } from "../base/format-count.ts";
import { redactSourceLine } from "../base/secrets.ts";
import { openProcFs } from "../capture/proc-fs.ts";
import { readStat } from "../capture/proc-stat.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import type { Snapshot } from "../heap/snapshot.ts";
import type { Holder } from "../model/holder.ts";
import type { SourceExcerpt } from "../model/page-reports.ts";
import type { SnapshotMeta } from "../model/snapshot-meta.ts";
import { openTargetFiles } from "./diagnose/read-project-files.ts";

const LINES_BEFORE = 6;
const LINES_AFTER = 8;
const LARGEST_BYTES = 4 << 20;
const LONGEST_LINE = 200;
const SOURCES: ReadonlySet<string> = new Set([".py", ".pyx", ".pyw"]);

/** Around the line where the holder stands. Fails never: what is missing is said in the remark. */
export function sourceExcerpt({ snapshot }: HeapAnalysis, holder: Holder | null): SourceExcerpt {
  const file = holder?.file ?? null;
  if (holder === null || file === null)
    return without(null, null, "The heap does not say where this stands in the source.");
  if (!loadedFiles(snapshot).has(file))
    return without(file, holder.line, "This is no source that the process had loaded.");
  if (!isAbsolute(file) || !SOURCES.has(extname(file)))
    return without(file, holder.line, "This is no Python source with a full path.");
  return readExcerpt(snapshot.meta, file, holder);
}

/** Files of code objects and of frames. O(code objects). */
function loadedFiles({ codes, threads }: Snapshot): ReadonlySet<string> {
  const files = new Set(codes.map((code) => code.file));
  for (const { frames } of threads) for (const { file } of frames) files.add(file);
  return files;
}

function readExcerpt(meta: SnapshotMeta, file: string, holder: Holder): SourceExcerpt {
  const files = openTargetFiles(livingPid(meta), meta.processStartTicks);
  const path = files.absolute(file);
  const stat = files.stat(path);
  if (stat === null) return without(file, holder.line, "The file is not on this machine, or may not be read.");
  if (stat.bytes > LARGEST_BYTES)
    return without(
      file,
      holder.line,
      `The file has ${formatCount(stat.bytes)} bytes; sources that large are not shown.`,
    );
  const lines = readLines(files.readable(path));
  if (lines === null) return without(file, holder.line, "The file cannot be read.");
  const line = holder.line ?? assignmentOf(lines, holder);
  if (line === null || line > lines.length) return without(file, holder.line, "The line is not known.");
  const first = Math.max(1, line - LINES_BEFORE);
  const shown = lines.slice(first - 1, line + LINES_AFTER);
  return {
    schema: "deadweight/source@1",
    file,
    line,
    lines: shown.map((text, at) => ({ line: first + at, text: redactSourceLine(text).slice(0, LONGEST_LINE) })),
    remark:
      stat.modifiedMs > meta.takenAtMs ? "The file was changed after the heap was read; lines may have moved." : null,
  };
}

/** The process that the heap is of, while it runs; its files are looked for where it sees them. */
function livingPid({ pid, processStartTicks }: SnapshotMeta): number | null {
  if (pid === null || processStartTicks === null) return null;
  const stat = readStat(openProcFs(), pid);
  return stat.ok && stat.value.startTimeTicks === processStartTicks ? pid : null;
}

function readLines(path: string): readonly string[] | null {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return null;
  }
}

/** Where a module first gives a value to the name; the heap alone knows only the file. */
function assignmentOf(lines: readonly string[], { kind, name }: Holder): number | null {
  if (name === null || kind !== "module-global") return null;
  const at = lines.findIndex((line) => line.startsWith(name) && /^\s*(?::[^=]*)?=(?!=)/.test(line.slice(name.length)));
  return at < 0 ? null : at + 1;
}

function without(file: string | null, line: number | null, remark: string): SourceExcerpt {
  return { schema: "deadweight/source@1", file, line, lines: [], remark };
}
