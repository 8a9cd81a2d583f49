// What may be written to a queue of pending calls, and what is refused, on memory made by hand for every version's layout.

import { describe, expect, it } from "vitest";
import type { Addr } from "../../src/base/brand.ts";
import type { CallPlan, CallingThread } from "../../src/cpython/call-plan.ts";
import type { Layout } from "../../src/cpython/layout.ts";
import type { PendingCallsLayout } from "../../src/cpython/pending-calls-layout.ts";
import { layoutForVersion } from "../../src/cpython/layout-for-version.ts";
import { CALL_BEGINS, planPendingCall } from "../../src/cpython/pending-calls.ts";

const [RUNTIME, INTERPRETER, THREAD, LOCK, CODE] = [0x100000, 0x400000, 0x700000, 0x800000, 0x900000];
const RUN_STRING = CODE + 0x40;

/** Of a version that has a queue. */
type QueueLayout = Layout & { readonly pendingCalls: PendingCallsLayout };
const TEXT = `${CALL_BEGINS},{"file":f}))(__import__("_io").FileIO("/tmp/deadweight-abcdef/call"))\nexcept:0\n`;
const LAYOUTS = [8, 9, 10, 11, 12, 13].map((minor) => {
  const layout = layoutForVersion((0x03000000 | (minor << 16) | 0x01f0) >>> 0);
  if (layout === null || layout.pendingCalls === null) throw new Error(`no queue in 3.${minor}`);
  return [layout.version, { ...layout, pendingCalls: layout.pendingCalls }] as const;
});

/** Bytes by address; what was never written reads as 0, outside of its four areas nothing can be read. */
class MadeMemory {
  readonly #areas = [RUNTIME, INTERPRETER, THREAD, LOCK].map((start) => ({ start, bytes: new Uint8Array(0x200000) }));
  readonly layout: QueueLayout;
  readonly queue: number;

  constructor(layout: QueueLayout) {
    this.layout = layout;
    const p = layout.pendingCalls;
    this.queue = (p.queueIn === "runtime" ? RUNTIME : INTERPRETER) + p.queue;
    this.pointer(RUNTIME + p.mainInterpreter, INTERPRETER);
    this.pointer(INTERPRETER + layout.interpreter.threadsHead, THREAD);
    this.pointer(THREAD + layout.thread.interp, INTERPRETER);
    if (p.mainThreadState !== null) this.pointer(RUNTIME + p.mainThreadState, THREAD);
    if (p.lockForm === "semaphore") this.pointer(this.queue + p.lock, LOCK);
    if (p.lockForm === "semaphore" && p.mainQueue !== null) this.pointer(RUNTIME + p.mainQueue + p.lock, LOCK);
    this.number(LOCK, 1);
    if (p.mostWaiting === null) return;
    this.number(this.queue + p.mostWaiting, p.mostWaitingAny ?? 0);
    this.number(RUNTIME + (p.mainQueue ?? 0) + p.mostWaiting, p.mostWaitingMain ?? 0);
  }

  pointer(address: number, value: number): void {
    this.#view(address).setBigUint64(0, BigInt(value), true);
  }

  number(address: number, value: number): void {
    this.#view(address).setInt32(0, value, true);
  }

  read(address: Addr, length: number): Uint8Array {
    const area = this.#areas.find(({ start, bytes }) => address >= start && address + length <= start + bytes.length);
    return area === undefined
      ? new Uint8Array(0)
      : area.bytes.slice(address - area.start, address - area.start + length);
  }

  plan(thread: CallingThread = "any", text = TEXT): CallPlan {
    const symbols = new Map([
      ["_PyRuntime", RUNTIME as Addr],
      ["PyRun_SimpleString", RUN_STRING as Addr],
    ]);
    const interpreter = { versionHex: this.layout.firstHex, freeThreaded: false, file: "python", symbols };
    const isCode = (address: number): boolean => address >= CODE && address < CODE + 0x1000;
    return planPendingCall(this, this.layout, { interpreter, thread, isCode }, text);
  }

  /** Does what a plan says, as a tool would. */
  apply(plan: CallPlan): void {
    if (plan.kind !== "write") throw new Error(JSON.stringify(plan));
    for (const { address, bytes } of plan.writes) bytes.forEach((byte, i) => this.#view(address + i).setUint8(0, byte));
  }

  /** What the interpreter would take next, and does as it takes it. */
  take(): { readonly function: number; readonly text: string } {
    const p = this.layout.pendingCalls;
    const first = this.#view(this.queue + p.first).getInt32(0, true);
    const slot = this.queue + p.slots + first * p.slotSize;
    const call = Number(this.#view(slot).getBigUint64(0, true));
    const argument = Number(this.#view(slot + 8).getBigUint64(0, true));
    this.number(this.queue + p.first, (first + 1) % p.slotCount);
    this.number(this.queue + p.waiting, 0);
    const bytes = this.read(argument as Addr, 400);
    return { function: call, text: new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0))) };
  }

  #view(address: number): DataView {
    const area = this.#areas.find(({ start, bytes }) => address >= start && address < start + bytes.length);
    if (area === undefined) throw new Error(`nothing at ${address.toString(16)}`);
    return new DataView(area.bytes.buffer, address - area.start);
  }
}

describe.each(LAYOUTS)("Python %s", (_, layout) => {
  const p = layout.pendingCalls;

  it("a call is there whole, wherever the ring stands, again and again", () => {
    const memory = new MadeMemory(layout);
    for (let n = 0; n < 3 * p.slotCount; n++) {
      const text = `${TEXT}#${n}`;
      memory.apply(memory.plan("any", text));
      expect(memory.take()).toEqual({ function: RUN_STRING, text });
    }
  });

  it("the queue is written at once, then what interrupts", () => {
    const memory = new MadeMemory(layout);
    const plan = memory.plan("main");
    expect(plan.kind === "write" && plan.writes).toHaveLength(2);
    memory.apply(memory.plan());
    const breaker = { runtime: RUNTIME, interpreter: INTERPRETER, thread: THREAD }[p.breakerIn] + p.breaker;
    expect((memory.read(breaker as Addr, 1)[0] ?? 0) & p.breakerBit).toBe(p.breakerBit);
  });

  it("a call of ours that nobody took is replaced, not joined", () => {
    const memory = new MadeMemory(layout);
    memory.apply(memory.plan());
    memory.apply(memory.plan("any", `${TEXT}#2`));
    expect(memory.take().text).toBe(`${TEXT}#2`);
    const [first, last] = [p.first, p.last].map((at) => memory.read((memory.queue + at) as Addr, 4));
    expect(first).toEqual(last);
  });

  it("waits for a program that is at the queue itself", () => {
    const held = new MadeMemory(layout);
    if (p.lockForm === "semaphore") held.number(LOCK, 0);
    else held.number(held.queue + p.lock, 1);
    if (p.lockForm === "mutex") held.number(held.queue + p.waiting, 0);
    expect(held.plan().kind).toBe("busy");
    const waiting = new MadeMemory(layout);
    waiting.number(waiting.queue + p.waiting, 1);
    waiting.number(waiting.queue + p.last, 1);
    waiting.pointer(waiting.queue + p.slots, CODE + 8);
    expect(waiting.plan()).toEqual({ kind: "busy", seen: "calls of the program wait already" });
    const starting = new MadeMemory(layout);
    starting.pointer(RUNTIME + p.mainInterpreter, 0);
    expect(starting.plan().kind).toBe("busy");
  });

  it.each<[string, (memory: MadeMemory) => void, RegExp]>([
    [
      "an index outside of the ring",
      (memory) => memory.number(memory.queue + p.last, p.slotCount),
      /begins at 0 and ends/,
    ],
    ["a negative index", (memory) => memory.number(memory.queue + p.first, -1), /begins at -1/],
    ["an impossible count", (memory) => memory.number(memory.queue + p.waiting, 9999), /9999 calls are said to wait/],
    [
      "a slot with no function",
      (memory) => memory.pointer(memory.queue + p.slots + p.slotSize, 0x80),
      /slot 1 .* 0x80/,
    ],
    ["another interpreter", (memory) => memory.number(INTERPRETER + layout.interpreter.id, 7), /number 0/],
    [
      "an interrupting word that is none",
      (memory) =>
        memory.pointer(
          { runtime: RUNTIME, interpreter: INTERPRETER, thread: THREAD }[p.breakerIn] + p.breaker,
          0x7f12_3456_7800,
        ),
      /word/,
    ],
  ])("refuses %s", (_name, damage, seen) => {
    const memory = new MadeMemory(layout);
    damage(memory);
    expect(memory.plan()).toEqual({ kind: "refused", seen: expect.stringMatching(seen) as string });
  });

  it("refuses a ring of another size, and a lock that is none", () => {
    const memory = new MadeMemory(layout);
    if (p.mostWaiting !== null) memory.number(memory.queue + p.mostWaiting, 32);
    else memory.pointer(memory.queue + p.lock, 0);
    expect(memory.plan().kind).toBe("refused");
  });
});
