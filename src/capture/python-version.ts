// Which CPython a process runs, read from its memory rather than guessed from a file name:
//   3.11+      the constant Py_Version                            (Python/getversion.c)
//   3.13+      `_Py_DebugOffsets` at the start of _PyRuntime      (Include/internal/pycore_debug_offsets.h)
//   all        the text sys.version that Py_GetVersion() left in its static buffer in .bss: "3.8.18 (default, ...) \n[GCC ..."
// The third works for 2.7 too, on any processor, and does not confuse a statically linked SQLite with Python: nobody else
// writes a version, a build in parentheses and a compiler in brackets.

import type { Addr } from "../base/brand.ts";
import { versionText } from "../cpython/version-text.ts";
import { readU64, viewOf } from "./elf-format.ts";

/** Reads memory of the target; shorter (or empty) where it cannot be had. */
export type ReadMemory = (address: Addr, length: number) => Uint8Array;

export interface MemoryRange {
  readonly address: number;
  readonly bytes: number;
}

export interface PythonVersion {
  readonly major: number;
  readonly minor: number;
  /** PY_VERSION_HEX. */
  readonly hex: number;
  /** "3.8.18", "3.13.0rc2". */
  readonly text: string;
}

const LEVELS: Readonly<Record<string, number>> = { a: 0xa, b: 0xb, rc: 0xc };
const VERSION_TEXT = /([23])\.(\d{1,2})\.(\d{1,2})(?:(a|b|rc)(\d{1,2}))?\+? \([^\0]{0,80}\) \n?\[/;
/** Longest sys.version: three parts of 80 and punctuation. Objects: Python/getversion.c */
const VERSION_TEXT_BYTES = 250;
const CHUNK_BYTES = 1 << 20;
/** libpython's writable data is below 2 MiB; a program that embeds Python may have huge arrays of its own. */
const MAX_SEARCH_BYTES = 1 << 27;

/** Reads the constant Py_Version; null when it holds no plausible value. */
export function versionFromConstant(readMemory: ReadMemory, address: Addr): PythonVersion | null {
  const bytes = readMemory(address, 8);
  return bytes.length < 8 ? null : versionFromHex(readU64(viewOf(bytes), 0));
}

/** Layout: char cookie[8] "xdebugpy"; uint64 version; uint64 free_threaded. */
export function versionFromDebugOffsets(
  readMemory: ReadMemory,
  runtime: Addr,
): { version: PythonVersion; freeThreaded: boolean } | null {
  const bytes = readMemory(runtime, 24);
  if (bytes.length < 24 || latin1(bytes.subarray(0, 8)) !== "xdebugpy") return null;
  const version = versionFromHex(readU64(viewOf(bytes), 8));
  return version === null ? null : { version, freeThreaded: readU64(viewOf(bytes), 16) === 1 };
}

/** Searches the interpreter's writable data for the text of sys.version. */
export function versionFromText(readMemory: ReadMemory, ranges: readonly MemoryRange[]): PythonVersion | null {
  let left = MAX_SEARCH_BYTES;
  for (const range of ranges) {
    for (let at = 0; at < range.bytes && left > 0; at += CHUNK_BYTES, left -= CHUNK_BYTES) {
      // Chunks overlap by one text, so that none is cut in two.
      const bytes = readMemory(
        (range.address + at) as Addr,
        Math.min(CHUNK_BYTES + VERSION_TEXT_BYTES, range.bytes - at),
      );
      const match = VERSION_TEXT.exec(latin1(bytes));
      if (match !== null) return versionFromMatch(match);
    }
  }
  return null;
}

/** Splits PY_VERSION_HEX; null when it is not one. */
export function versionFromHex(hex: number): PythonVersion | null {
  const [major, minor] = [(hex >>> 24) & 255, (hex >>> 16) & 255];
  if (hex > 0xffffffff || major < 2 || major > 4 || ((hex >>> 4) & 15) < 0xa) return null;
  return { major, minor, hex, text: versionText(hex) };
}

function versionFromMatch(match: RegExpExecArray): PythonVersion | null {
  const [, major, minor, micro, level, serial] = match;
  const tail = level === undefined ? 0xf0 : ((LEVELS[level] ?? 0xf) << 4) | (Number(serial) & 15);
  return versionFromHex(((Number(major) << 24) | (Number(minor) << 16) | (Number(micro) << 8) | tail) >>> 0);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
