// Keys that are NaN. A snapshot keeps no values of floats, so the running process is asked.

import type { Addr } from "../../base/brand.ts";
import { formatCount } from "../../base/format-count.ts";
import { createMemoryReader } from "../../capture/outside-reader.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import type { OutsideReader } from "../../cpython/memory-image.ts";
import type { CacheInHeap } from "../../heap/caches/find-caches.ts";

/** The memory of a process that runs, or null for a file. */
export function openMemory(pid: number | null): (Disposable & { readonly reader: OutsideReader }) | null {
  const opened = pid === null ? null : openProcFs().open(`${pid}/mem`);
  if (opened === null || !opened.ok) return null;
  const file = opened.value;
  return { reader: createMemoryReader(file), [Symbol.dispose]: () => file[Symbol.dispose]() };
}

/** Include/cpython/floatobject.h: the value follows the object head. */
const FLOAT_VALUE_AT = 16;

/** Counts the keys that are NaN, which only the process knows. */
export function withNaNs(cache: CacheInHeap, memory: { readonly reader: OutsideReader } | null): CacheInHeap {
  if (memory === null || cache.keys === null) return cache;
  const entries = cache.floatKeys.filter((address) => isNaNAt(memory.reader, address)).length;
  if (entries === 0) return cache;
  const because = `${entries === 1 ? "One key is" : `${formatCount(entries)} keys are`} NaN, which equals nothing, itself included: they are never found again.`;
  return { ...cache, keys: { ...cache.keys, hazards: [...cache.keys.hazards, { kind: "nan", entries, because }] } };
}

function isNaNAt(memory: OutsideReader, address: Addr): boolean {
  const bytes = memory.read((address + FLOAT_VALUE_AT) as Addr, 8);
  return bytes.length === 8 && Number.isNaN(new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true));
}
