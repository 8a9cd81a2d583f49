// The collector's counters of a running process, in one small read.

import { HIGH_WORD } from "../base/uint32.ts";
import type { Addr } from "../base/brand.ts";
import type { CollectorSample } from "../model/sample.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Layout } from "./layout.ts";
import type { OutsideReader } from "./memory-image.ts";
import { wordAt } from "./outside-words.ts";

const INTERPRETER_LIMIT = 64;
const GENERATIONS = 3;
/** collections, collected, uncollectable: one word each. Include/internal/pycore_gc.h, 3.8 to 3.13. */
const STATISTICS_BYTES = 24;

/** Of the main interpreter; null when it cannot be read. */
export function readCollector(memory: OutsideReader, interpreter: Interpreter, layout: Layout): CollectorSample | null {
  const start = collectorAt(memory, interpreter, layout);
  if (start === null) return null;
  const { collector } = layout;
  const length = collector.generationStats + GENERATIONS * STATISTICS_BYTES;
  const bytes = memory.read(start as Addr, length);
  if (bytes.length < length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const ofGenerations = (at: number): number[] =>
    [0, 1, 2].map((i) => view.getInt32(collector.generations + i * collector.generationSize + at, true));
  const statistics = (at: number): number[] =>
    [0, 1, 2].map((i) => word(view, collector.generationStats + i * STATISTICS_BYTES + at));
  const counts = ofGenerations(collector.generationCount);
  return {
    isEnabled: view.getInt32(collector.enabled, true) !== 0,
    collections: statistics(0),
    collected: statistics(8),
    uncollectable: statistics(16),
    pending: counts[0]!,
    counts,
    thresholds: ofGenerations(collector.generationThreshold),
  };
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
