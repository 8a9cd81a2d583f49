// /proc/PID/maps: the mappings of a process, in ascending order. Facts only; what to copy is decided in copy-plan.ts.

import type { Addr } from "../base/brand.ts";
import { ok, type Result } from "../base/result.ts";
import type { ProcFailure, ProcFs } from "./proc-fs.ts";

export interface ProcessMapping {
  readonly start: Addr;
  /** First address after the mapping. */
  readonly end: Addr;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
  readonly private: boolean;
  /** Offset in the file of the first byte. */
  readonly fileOffset: number;
  /** 0 for anonymous memory. */
  readonly inode: number;
  /** As the target sees it; "" for anonymous memory, "[heap]", "[stack]", "/lib/x.so (deleted)". */
  readonly path: string;
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) ([r-])([w-])([x-])([ps]) ([0-9a-f]+) \S+ (\d+)\s*(.*)$/;

export function readMappings(proc: ProcFs, pid: number): Result<readonly ProcessMapping[], ProcFailure> {
  const text = proc.readText(`${pid}/maps`);
  return text.ok ? ok(parseMappings(text.value)) : text;
}

/** Lines that are not mappings are skipped. */
export function parseMappings(text: string): ProcessMapping[] {
  const mappings: ProcessMapping[] = [];
  for (const line of text.split("\n")) {
    const found = LINE.exec(line);
    if (found !== null) mappings.push(toMapping(found));
  }
  return mappings;
}

function toMapping(found: RegExpExecArray): ProcessMapping {
  const [, start = "", end = "", r, w, x, sharing, offset = "", inode = "", path = ""] = found;
  return {
    start: toAddr(start),
    end: toAddr(end),
    readable: r === "r",
    writable: w === "w",
    executable: x === "x",
    private: sharing === "p",
    fileOffset: Number.parseInt(offset, 16),
    inode: Number(inode),
    path: path.replaceAll("\\012", "\n"),
  };
}

function toAddr(hex: string): Addr {
  return Number.parseInt(hex, 16) as Addr;
}

/** The mapping that holds `address`, or null. `mappings` ascend. */
export function findMapping(mappings: readonly ProcessMapping[], address: number): ProcessMapping | null {
  let low = 0;
  let high = mappings.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const mapping = mappings[middle];
    if (mapping === undefined) return null;
    if (address < mapping.start) high = middle - 1;
    else if (address >= mapping.end) low = middle + 1;
    else return mapping;
  }
  return null;
}
