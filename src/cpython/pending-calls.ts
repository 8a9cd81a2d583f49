// Puts a call of PyRun_SimpleString into the queue of calls that an interpreter makes when it next runs Python: what
// Py_AddPendingCall does, done from outside to a process that stands still. CPython 3.8 to 3.13, Python/ceval.c and
// (3.12+) Python/ceval_gil.c: the ring is read under a lock, `first` is where the next call is taken, `last` where one is put.
//
// The text of the call lies in slots of the ring that are not in use, as far ahead of the next call as there is room.
// Everything is checked first, and the ring, its indices and its counter are written at once.

import type { Addr } from "../base/brand.ts";
import type { CallPlan, CallWanted, MemoryWrite } from "./call-plan.ts";
import type { Layout } from "./layout.ts";
import type { PendingCallsLayout } from "./pending-calls-layout.ts";
import { type MemoryWords, memoryWords } from "./memory-words.ts";
import type { OutsideReader } from "./memory-image.ts";

/** What every text of ours begins with; an older one that still waits is recognised by it. */
export const CALL_BEGINS = "try:(lambda f:exec(f.read()";
/** The function that takes the text: `int PyRun_SimpleString(const char *)`, which returns 0 or -1 as a pending call does. */
export const RUN_STRING_SYMBOL = "PyRun_SimpleString";

const MOST_THREADS = 4096;
/** Bits of 3.13's eval breaker that mean something; above them stands the version of instrumentation. */
const BREAKER_BITS = 0xff;

interface Queue {
  readonly address: number;
  readonly interpreter: Addr;
  readonly runtime: Addr;
  readonly limit: number | null;
}

interface Ring {
  readonly slots: Uint8Array;
  readonly first: number;
  readonly last: number;
}

class Unsound extends Error {}
class Busy extends Error {}

/** `text` is Python, without a zero byte. The target stands still. Costs a few reads of at most 8 KiB and one per thread. */
export function planPendingCall(memory: OutsideReader, layout: Layout, wanted: CallWanted, text: string): CallPlan {
  const words = memoryWords(memory);
  const p = layout.pendingCalls;
  if (p === null) return { kind: "refused", seen: `Python ${layout.version} has no queue that is written to` };
  try {
    const queue = findQueue(words, layout, p, wanted);
    checkLock(words, p, queue);
    const ring = readRing(words, p, queue, wanted);
    const breakers = findBreakers(words, layout, { p, queue, thread: wanted.thread });
    const changed = addCall(words, p, { queue, ring, wanted, text });
    return { kind: "write", writes: [changed, ...breakers] };
  } catch (error) {
    if (error instanceof Busy) return { kind: "busy", seen: error.message };
    if (error instanceof Unsound) return { kind: "refused", seen: error.message };
    throw error;
  }
}

function findQueue(words: MemoryWords, layout: Layout, p: PendingCallsLayout, wanted: CallWanted): Queue {
  const { symbols } = wanted.interpreter;
  const runtime = need(symbols.get("_PyRuntime"), "the interpreter has no runtime state");
  const interpreter = need(words.pointer(runtime + p.mainInterpreter), "the main interpreter's address is none");
  if (interpreter === 0) throw new Busy("Python is starting or ending: there is no main interpreter");
  if (words.i32(interpreter + layout.interpreter.id) !== 0)
    throw new Unsound("what should be the main interpreter does not have the number 0");
  const isMain = wanted.thread === "main" && p.mainQueue !== null;
  const base = p.queueIn === "runtime" ? runtime : interpreter;
  return {
    address: isMain ? runtime + (p.mainQueue ?? 0) : base + p.queue,
    interpreter,
    runtime,
    limit: isMain ? p.mostWaitingMain : p.mostWaitingAny,
  };
}

/** Somebody who holds it is in the middle of adding or taking a call. */
function checkLock(words: MemoryWords, p: PendingCallsLayout, queue: Queue): void {
  const at = queue.address + p.lock;
  if (p.lockForm === "mutex") {
    if (words.u8(at) !== 0) throw new Busy("a thread is at the queue of pending calls");
    return;
  }
  const lock = words.pointer(at);
  // glibc and musl: the first 32 bits of a sem_t are its value.
  const value = lock === null || lock === 0 ? null : words.i32(lock);
  if (value === 0) throw new Busy("a thread is at the queue of pending calls");
  if (value !== 1)
    throw new Unsound(`the lock of the queue is ${value === null ? "not readable" : `at ${value}`}, not 0 or 1`);
}

function readRing(words: MemoryWords, p: PendingCallsLayout, queue: Queue, wanted: CallWanted): Ring {
  const at = queue.address;
  const [first, last] = [words.i32(at + p.first), words.i32(at + p.last)];
  if (!isIndex(first, p) || !isIndex(last, p))
    throw new Unsound(`the ring of ${p.slotCount} calls begins at ${first} and ends at ${last}`);
  if (p.mostWaiting !== null && words.i32(at + p.mostWaiting) !== queue.limit)
    throw new Unsound(`the queue takes ${words.i32(at + p.mostWaiting)} calls, not ${queue.limit}`);
  const waiting = words.i32(at + p.waiting);
  const inRing = (last - first + p.slotCount) % p.slotCount;
  if (waiting === null || waiting < 0 || waiting > p.slotCount) throw new Unsound(`${waiting} calls are said to wait`);
  if ((waiting === 0) !== (inRing === 0)) throw new Busy("the queue of pending calls is just being emptied");
  const slots = need(words.bytes(at + p.slots, p.slotCount * p.slotSize), "the ring of calls cannot be read");
  for (let i = 0; i < p.slotCount; i++) checkSlot(slotOf(slots, i, p), i, wanted);
  return { slots, first, last };
}

function isIndex(value: number | null, p: PendingCallsLayout): value is number {
  return value !== null && value >= 0 && value < p.slotCount;
}

function slotOf(slots: Uint8Array, index: number, { slotSize }: PendingCallsLayout): Uint8Array {
  return slots.subarray(index * slotSize, (index + 1) * slotSize);
}

/** A slot is empty, has had a function in it, or a part of a text of ours. */
function checkSlot(slot: Uint8Array, index: number, { isCode }: CallWanted): void {
  const target = pointerIn(slot, 0);
  if (target === 0 || isCode(target) || slot.every(isTextByte)) return;
  throw new Unsound(`slot ${index} of the ring holds ${hex(target)}, which is no function`);
}

function isTextByte(byte: number): boolean {
  return byte === 0 || byte === 0x0a || (byte >= 0x20 && byte < 0x7f);
}

function pointerIn(bytes: Uint8Array, at: number): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true));
}

interface BreakersWanted {
  readonly p: PendingCallsLayout;
  readonly queue: Queue;
  readonly thread: CallWanted["thread"];
}

/** What makes threads look at the queue. */
function findBreakers(words: MemoryWords, layout: Layout, wanted: BreakersWanted): MemoryWrite[] {
  const { p, queue } = wanted;
  if (p.breakerIn === "thread")
    return threadStates(words, layout, wanted).map((state) => threadBreaker(words, p, queue, state));
  const address = (p.breakerIn === "runtime" ? queue.runtime : queue.interpreter) + p.breaker;
  const value = words.i32(address);
  if (value !== 0 && value !== 1) throw new Unsound(`the word that interrupts the interpreter is ${value}, not 0 or 1`);
  return [{ address: address as Addr, bytes: i32Bytes(p.breakerBit) }];
}

function threadStates(words: MemoryWords, layout: Layout, { p, queue, thread }: BreakersWanted): Addr[] {
  const main = words.pointer(queue.runtime + (p.mainThreadState ?? 0));
  if (main === null || main === 0) throw new Busy("the main thread has no state: Python is starting or ending");
  if (words.pointer(main + layout.thread.interp) !== queue.interpreter)
    throw new Unsound("the main thread's state belongs to another interpreter");
  if (thread === "main") return [main];
  const states: Addr[] = [];
  let at = words.pointer(queue.interpreter + layout.interpreter.threadsHead);
  while (at !== null && at !== 0 && states.length < MOST_THREADS) {
    states.push(at);
    at = words.pointer(at + layout.thread.next);
  }
  if (!states.includes(main)) throw new Unsound("the list of threads does not have the main thread");
  return states;
}

function threadBreaker(words: MemoryWords, p: PendingCallsLayout, queue: Queue, state: Addr): MemoryWrite {
  const address = (state + p.breaker) as Addr;
  const bytes = need(words.bytes(address, 8), "a thread's state cannot be read").slice();
  const version = words.bytes(queue.interpreter + (p.instrumentationVersion ?? 0), 8);
  const above = pointerIn(bytes, 0) - ((bytes[0] ?? 0) & BREAKER_BITS);
  if (version === null || (above !== 0 && above !== pointerIn(version, 0)))
    throw new Unsound(`a thread's interrupting word is ${hex(pointerIn(bytes, 0))}`);
  bytes[0] = (bytes[0] ?? 0) | p.breakerBit;
  return { address, bytes };
}

interface Addition {
  readonly queue: Queue;
  readonly ring: Ring;
  readonly wanted: CallWanted;
  readonly text: string;
}

/** The queue from its counter to its last index, with one more call in it: one write, so that it is there whole or not at all. */
function addCall(words: MemoryWords, p: PendingCallsLayout, { queue, ring, wanted, text }: Addition): MemoryWrite {
  const from = p.waiting;
  const length = Math.max(p.first, p.last) + 4 - from;
  const bytes = need(words.bytes(queue.address + from, length), "the queue cannot be read").slice();
  const view = new DataView(bytes.buffer);
  const call = new TextEncoder().encode(`${text}\0`);
  const slotsNeeded = Math.ceil(call.length / p.slotSize);
  const runString = need(
    wanted.interpreter.symbols.get(RUN_STRING_SYMBOL),
    `the interpreter does not export ${RUN_STRING_SYMBOL}`,
  );
  if (slotsNeeded > p.slotCount / 2) throw new Unsound(`the call has ${call.length} bytes, too many for the ring`);
  const stale = staleCall(p, queue, ring, runString, slotsNeeded);
  if (stale === null && ring.first !== ring.last) throw new Busy("calls of the program wait already");
  const textSlot = stale ?? roomForText(p, ring, slotsNeeded);
  const textAt = p.slots - from + textSlot * p.slotSize;
  // Whole slots: a text that ends beside half of an older call could not be told from damage.
  bytes.fill(0, textAt, textAt + slotsNeeded * p.slotSize);
  bytes.set(call, textAt);
  if (stale === null) {
    const slot = p.slots - from + ring.last * p.slotSize;
    bytes.fill(0, slot, slot + p.slotSize);
    view.setBigUint64(slot, BigInt(runString), true);
    view.setBigUint64(slot + 8, BigInt(queue.address + p.slots + textSlot * p.slotSize), true);
    view.setInt32(p.last - from, (ring.last + 1) % p.slotCount, true);
  }
  view.setInt32(0, 1, true);
  return { address: (queue.address + from) as Addr, bytes };
}

/**
 * Slot of the text of a call of ours that still waits: nobody took it before its tool gave up, and what it would open is
 * gone. Null when that is not what waits, or when the new text has no room there.
 */
function staleCall(
  p: PendingCallsLayout,
  queue: Queue,
  ring: Ring,
  runString: number,
  slotsNeeded: number,
): number | null {
  if ((ring.last - ring.first + p.slotCount) % p.slotCount !== 1) return null;
  const waiting = slotOf(ring.slots, ring.first, p);
  const offset = pointerIn(waiting, 8) - (queue.address + p.slots);
  const slot = offset / p.slotSize;
  if (pointerIn(waiting, 0) !== runString || !Number.isInteger(slot) || slot < 0 || slot + slotsNeeded > p.slotCount)
    return null;
  if (ring.first >= slot && ring.first < slot + slotsNeeded) return null;
  return startsWithCall(ring.slots.subarray(offset)) ? slot : null;
}

function startsWithCall(bytes: Uint8Array): boolean {
  return Array.from(CALL_BEGINS).every((letter, i) => bytes[i] === letter.charCodeAt(0));
}

/** Away from a text that a thread may be reading, then as far ahead of the next call as can be. */
function roomForText(p: PendingCallsLayout, { slots, last }: Ring, slotsNeeded: number): number {
  let best = -1;
  let bestScore = -1;
  for (let start = 0; start + slotsNeeded <= p.slotCount; start++) {
    if (last >= start && last < start + slotsNeeded) continue;
    const isFree = slots.subarray(start * p.slotSize, (start + slotsNeeded) * p.slotSize).every((byte) => byte === 0);
    const score = ((start - last + p.slotCount) % p.slotCount) + (isFree ? p.slotCount : 0);
    if (score > bestScore) [best, bestScore] = [start, score];
  }
  return best;
}

function i32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

function need<T>(value: T | null | undefined, problem: string): T {
  if (value === null || value === undefined) throw new Unsound(problem);
  return value;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
