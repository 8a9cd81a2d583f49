// The text of source lines, as the process sees the files.

import { readFileSync, statSync } from "node:fs";
import type { ReadSource } from "./traced-lines.ts";

const LARGEST_BYTES = 4 << 20;
const LONGEST_LINE = 200;

/** Reads each file once, at the first line of it that is asked for. `pid`: whose files. */
export function sourceLines(pid: number): ReadSource {
  const files = new Map<string, readonly string[]>();
  return ({ file, line }) => {
    const lines = files.get(file) ?? linesOf(pid, file);
    files.set(file, lines);
    const text = lines[line - 1]?.trim();
    return text === undefined || text === "" ? null : text.slice(0, LONGEST_LINE);
  };
}

function linesOf(pid: number, file: string): readonly string[] {
  if (!file.startsWith("/")) return [];
  const path = `/proc/${pid}/root${file}`;
  try {
    const status = statSync(path);
    return status.isFile() && status.size <= LARGEST_BYTES ? readFileSync(path, "utf8").split("\n") : [];
  } catch {
    return [];
  }
}
