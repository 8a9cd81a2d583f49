// Reads the sizes of many containers in a running process, a little at every tick. What changed lately is read at every tick;
// the rest takes turns, so that the whole is seen every few seconds whatever it costs. The process is never stopped, and the
// loop makes no object: 50,000 containers are rows of typed arrays.

import { HIGH_WORD } from "../base/uint32.ts";
import { batchSpots, type GaugeBatches, LARGEST_BATCH_BYTES } from "./gauge-batches.ts";
import { type GaugeSpots, SpotRole } from "./gauge-spots.ts";
import type { Layout } from "./layout.ts";
import { type Offsets, offsetsOf } from "./offsets.ts";
import { mayBeObject } from "./refcount.ts";

/** States of a gauge in `GaugeReadings.state`. */
export const Seen = { never: 0, alive: 1, gone: 2, unread: 3 } as const;

/** What is known of each gauge, and which were looked at in the last tick. Columns over gauges. */
export interface GaugeReadings {
  readonly state: Uint8Array;
  /** Entries; bytes for bytearray and array. */
  readonly size: Float64Array;
  /** Of lru caches. */
  readonly hits: Float64Array;
  readonly misses: Float64Array;
  /** The first `visitedCount` are the gauges of the last tick; an lru cache may be there twice. */
  readonly visited: Uint32Array;
}

export interface GaugeTick {
  readonly visitedCount: number;
  readonly reads: number;
  /** The address space is no more: the process ended or runs another program. */
  readonly isGone: boolean;
}

/** What the rounds need of the world. */
export interface GaugeSource {
  /** Reads into the start of `buffer`: bytes read, -1 for a bad address, 0 when the address space is no more. Never throws. */
  readInto(buffer: Uint8Array, length: number, address: number): number;
  /** Processor time we have used so far, in milliseconds: on a busy machine the time on the wall is not ours. */
  spentMs(): number;
}

export interface GaugeRounds {
  readonly readings: GaugeReadings;
  /** Reads for about `budgetMs` of processor time; a few batches of those that changed lately, and of the rest, in any case. */
  tick(budgetMs: number): GaugeTick;
}

/** How many ticks a batch in which something changed is read at each. */
const HOT_TICKS = 20;
/** Share of the budget for what changed lately; the rest is for taking turns. */
const HOT_SHARE = 0.6;
/** Asking for the time costs half as much as a read. */
const READS_PER_LOOK = 8;
/** Larger sizes are no sizes: the word was torn or is none. */
const SIZE_LIMIT = 2 ** 44;

interface ReadBuffer {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

function readBuffer(length: number): ReadBuffer {
  const buffer = new ArrayBuffer(length);
  return { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer) };
}

/** Everything the loop touches. */
interface Reading {
  readonly source: GaugeSource;
  readonly spots: GaugeSpots;
  readonly batches: GaugeBatches;
  readonly readings: GaugeReadings;
  readonly offsets: Offsets;
  readonly batch: ReadBuffer;
  /** For one spot alone, so that the batch stays as it was read. */
  readonly single: ReadBuffer;
  /** By batch: the last tick in which it is hot, and the last in which it was read. */
  readonly hotUntil: Int32Array;
  readonly readIn: Int32Array;
  /** By batch: spots whose gauges may still be alive. */
  readonly living: Uint32Array;
  tick: number;
  reads: number;
  visitedCount: number;
  hotCursor: number;
  coldCursor: number;
  isGone: boolean;
}

/** `gaugeCount`: how many gauges the spots belong to. */
export function createGaugeRounds(
  source: GaugeSource,
  spots: GaugeSpots,
  gaugeCount: number,
  layout: Layout,
): GaugeRounds {
  const batches = batchSpots(spots);
  const reading: Reading = {
    source,
    spots,
    batches,
    readings: {
      state: new Uint8Array(gaugeCount),
      size: new Float64Array(gaugeCount),
      hits: new Float64Array(gaugeCount),
      misses: new Float64Array(gaugeCount),
      visited: new Uint32Array(spots.count),
    },
    offsets: offsetsOf(layout),
    batch: readBuffer(LARGEST_BATCH_BYTES),
    single: readBuffer(Math.max(8, ...new Set(spots.spanBytes))),
    hotUntil: new Int32Array(batches.count).fill(-1),
    readIn: new Int32Array(batches.count).fill(-1),
    living: Uint32Array.from({ length: batches.count }, (_, at) => batches.firstSpot[at + 1]! - batches.firstSpot[at]!),
    tick: 0,
    reads: 0,
    visitedCount: 0,
    hotCursor: 0,
    coldCursor: 0,
    isGone: false,
  };
  return { readings: reading.readings, tick: (budgetMs) => readTick(reading, budgetMs) };
}

function readTick(reading: Reading, budgetMs: number): GaugeTick {
  const startMs = reading.source.spentMs();
  reading.tick += 1;
  reading.reads = 0;
  reading.visitedCount = 0;
  readHot(reading, startMs + budgetMs * HOT_SHARE);
  readInTurn(reading, startMs + budgetMs);
  return { visitedCount: reading.visitedCount, reads: reading.reads, isGone: reading.isGone };
}

/** Batches in which something changed lately, beginning behind the last that there was time for. */
function readHot(reading: Reading, untilMs: number): void {
  const { count } = reading.batches;
  for (let step = 0, done = 0, at = reading.hotCursor; step < count && !reading.isGone; step++) {
    if (reading.hotUntil[at]! >= reading.tick) {
      if (isTimeOver(reading, done++, untilMs)) {
        reading.hotCursor = at;
        return;
      }
      readBatch(reading, at);
    }
    at = at + 1 === count ? 0 : at + 1;
  }
}

function readInTurn(reading: Reading, untilMs: number): void {
  const { count } = reading.batches;
  for (let step = 0; step < count && !reading.isGone; step++) {
    if (isTimeOver(reading, step, untilMs)) return;
    const at = reading.coldCursor;
    reading.coldCursor = at + 1 === count ? 0 : at + 1;
    if (reading.readIn[at] !== reading.tick) readBatch(reading, at);
  }
}

/** Looked at now and then only; never before the first batches. */
function isTimeOver({ source }: Reading, done: number, untilMs: number): boolean {
  return done > 0 && done % READS_PER_LOOK === 0 && source.spentMs() >= untilMs;
}

function readBatch(reading: Reading, batch: number): void {
  reading.readIn[batch] = reading.tick;
  if (reading.living[batch] === 0) return;
  const { spots, batches } = reading;
  const from = batches.firstSpot[batch]!;
  const to = batches.firstSpot[batch + 1]!;
  const start = spots.address[from]!;
  const wanted = batches.bytes[batch]!;
  const got = read(reading, reading.batch, start, wanted);
  for (let spot = from; spot < to && !reading.isGone; spot++) {
    const offset = spots.address[spot]! - start;
    if (isOver(reading, spot)) continue;
    const isRead = offset + spots.spanBytes[spot]! <= got;
    if (isRead && isSame(reading, reading.batch, spot, offset)) take(reading, reading.batch, batch, spot, offset);
    else takeAlone(reading, batch, spot);
  }
}

/** Bytes that are in the buffer now. */
function read(reading: Reading, { bytes }: ReadBuffer, address: number, length: number): number {
  reading.reads += 1;
  const got = reading.source.readInto(bytes, length, address);
  // The end of the file means that the address space itself is no more; a bad address is an error.
  if (got === 0) reading.isGone = true;
  return Math.max(0, got);
}

function isOver(reading: Reading, spot: number): boolean {
  return reading.readings.state[reading.spots.gauge[spot]!]! >= Seen.gone;
}

/** Alive and of its type. */
function isSame({ spots, offsets }: Reading, { words }: ReadBuffer, spot: number, offset: number): boolean {
  const slot = offset / 8;
  const type = (slot + offsets.type) * 2;
  return (
    mayBeObject(words, slot, offsets) && words[type] === spots.typeLow[spot] && words[type + 1] === spots.typeHigh[spot]
  );
}

/** A second look, so that a word that was torn in the first, or another's page that is gone, ends nothing. */
function takeAlone(reading: Reading, batch: number, spot: number): void {
  const { spots, readings, single } = reading;
  const got = read(reading, single, spots.address[spot]!, spots.spanBytes[spot]!);
  if (reading.isGone) return;
  if (got === spots.spanBytes[spot] && isSame(reading, single, spot, 0)) {
    take(reading, single, batch, spot, 0);
    return;
  }
  const gauge = spots.gauge[spot]!;
  readings.state[gauge] = got === spots.spanBytes[spot] ? Seen.gone : Seen.unread;
  reading.living[batch]!--;
  visit(reading, gauge);
}

function take(reading: Reading, { words }: ReadBuffer, batch: number, spot: number, offset: number): void {
  const { spots, readings } = reading;
  const gauge = spots.gauge[spot]!;
  const isCounters = spots.role[spot] === SpotRole.counters;
  const column = isCounters ? readings.hits : readings.size;
  const value = wordAt(words, offset + spots.valueAt[spot]!) * spots.scale[spot]!;
  if (value >= SIZE_LIMIT) return;
  const isChanged = column[gauge] !== value;
  column[gauge] = value;
  if (isCounters) readings.misses[gauge] = wordAt(words, offset + spots.secondAt[spot]!);
  // At first sight nothing has changed: otherwise all would be hot.
  if (isChanged && reading.readings.state[gauge] === Seen.alive) reading.hotUntil[batch] = reading.tick + HOT_TICKS;
  // Of an lru cache the dict decides: counters alone show no size.
  if (!isCounters) readings.state[gauge] = Seen.alive;
  visit(reading, gauge);
}

function wordAt(words: Uint32Array, offset: number): number {
  return words[offset / 4]! + words[offset / 4 + 1]! * HIGH_WORD;
}

function visit(reading: Reading, gauge: number): void {
  if (reading.visitedCount < reading.readings.visited.length) reading.readings.visited[reading.visitedCount++] = gauge;
}
