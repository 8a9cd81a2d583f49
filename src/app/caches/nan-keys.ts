// Keys that are NaN. A snapshot keeps no values of floats, so the running process is asked.

import type { Addr } from "../../base/brand.ts";
import { formatCount } from "../../base/format-count.ts";
import { createMemoryReader } from "../../capture/outside-reader.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import type { Layout } from "../../cpython/layout.ts";
import type { OutsideReader } from "../../cpython/memory-image.ts";
import type { CacheInHeap } from "../../heap/caches/find-caches.ts";
import { identifyProcess } from "../identify-target.ts";

/** What values can be read from. */
export interface ValueMemory {
  readonly reader: OutsideReader;
  readonly layout: Layout;
}

/** The memory of a process that runs, or null for a file. */
export function openMemory(pid: number | null): (Disposable & ValueMemory) | null {
  const known = pid === null ? null : identifyProcess(pid);
  if (known === null || !known.ok) return null;
  const opened = openProcFs().open(`${pid}/mem`);
  if (!opened.ok) return null;
  const file = opened.value;
  const { layout } = known.value;
  return { reader: createMemoryReader(file), layout, [Symbol.dispose]: () => file[Symbol.dispose]() };
}

/** Counts the keys that are NaN, which only the process knows. */
export function withNaNs(cache: CacheInHeap, memory: ValueMemory | null): CacheInHeap {
  if (memory === null || cache.keys === null) return cache;
  const entries = cache.floatKeys.filter((address) => isNaNAt(memory, address)).length;
  if (entries === 0) return cache;
  const because = `${entries === 1 ? "One key is" : `${formatCount(entries)} keys are`} NaN, which equals nothing, itself included: they are never found again.`;
  return { ...cache, keys: { ...cache.keys, hazards: [...cache.keys.hazards, { kind: "nan", entries, because }] } };
}

/** Include/cpython/floatobject.h: the value follows the head. */
function isNaNAt({ reader, layout }: ValueMemory, address: Addr): boolean {
  const bytes = reader.read((address + layout.objectHead.size) as Addr, 8);
  return bytes.length === 8 && Number.isNaN(new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true));
}
