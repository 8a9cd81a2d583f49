// The collector's counters of a running process, in one small read.

import { HIGH_WORD } from "../base/uint32.ts";
import type { Addr } from "../base/brand.ts";
import type { CollectorSample } from "../model/sample.ts";
import { ringOf } from "./collection-rings.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Layout } from "./layout.ts";
import type { OutsideReader } from "./memory-image.ts";
import { wordAt } from "./outside-words.ts";

const INTERPRETER_LIMIT = 64;
const GENERATIONS = 3;

/** Of the main interpreter; null when it cannot be read. */
export function readCollector(memory: OutsideReader, interpreter: Interpreter, layout: Layout): CollectorSample | null {
  const start = collectorAt(memory, interpreter, layout);
  if (start === null) return null;
  const { collector } = layout;
  const { statistics } = collector;
  const length = statistics.at + (statistics.rings === null ? GENERATIONS * statistics.recordSize : 8);
  const bytes = memory.read(start as Addr, length);
  if (bytes.length < length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const ofGenerations = (at: number): number[] =>
    [0, 1, 2].map((i) => view.getInt32(collector.generations + i * collector.generationSize + at, true));
  const records = statisticsRecords(memory, view, layout);
  if (records === null) return null;
  const totals = (at: number): number[] => records.map((record) => word(record, at));
  const counts = ofGenerations(collector.generationCount);
  return {
    isEnabled: view.getInt32(collector.enabled, true) !== 0,
    collections: totals(statistics.collections),
    collected: totals(statistics.collected),
    uncollectable: totals(statistics.uncollectable),
    pending: counts[0]!,
    counts,
    thresholds: ofGenerations(collector.generationThreshold),
  };
}

/** The record of each generation; `view` is the collector's state. */
function statisticsRecords(memory: OutsideReader, view: DataView, layout: Layout): readonly DataView[] | null {
  const { at, recordSize, rings } = layout.collector.statistics;
  if (rings === null) return [0, 1, 2].map((i) => part(view, at + i * recordSize, recordSize));
  const bytes = memory.read(word(view, at) as Addr, rings.size);
  if (bytes.length < rings.size) return null;
  const buffers = new DataView(bytes.buffer, bytes.byteOffset, rings.size);
  const records = [0, 1, 2].map((i) => {
    const [first, latest] = ringOf(rings, i);
    return first + recordSize * buffers.getUint8(latest);
  });
  // A torn read may name a record that is none.
  if (records.some((first) => first + recordSize > rings.size)) return null;
  return records.map((first) => part(buffers, first, recordSize));
}

function part(view: DataView, at: number, length: number): DataView {
  return new DataView(view.buffer, view.byteOffset + at, length);
}

/** New interpreters are put at the head of the list: the main one is the last. */
function collectorAt(memory: OutsideReader, { symbols }: Interpreter, layout: Layout): number | null {
  const runtime = symbols.get("_PyRuntime");
  if (runtime === undefined) return null;
  if (layout.runtime.gc !== null) return runtime + layout.runtime.gc;
  let state = wordAt(memory, runtime + layout.runtime.interpretersHead);
  for (let i = 0; state !== null && state !== 0 && i < INTERPRETER_LIMIT; i++) {
    const next = wordAt(memory, state + layout.interpreter.next);
    if (next === 0) return state + (layout.interpreter.gc ?? 0);
    state = next;
  }
  return null;
}

function word(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * HIGH_WORD;
}
