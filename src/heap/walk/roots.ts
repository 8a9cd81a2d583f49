// Where references into the heap come from: the interpreter's module table, frames of running threads, static types,
// and, conservatively, every word of the interpreter and thread states.
// Stale words (free lists, evaluation stacks) point to live objects they do not own: the analysis accepts roots of tier
// "interpreter" only for objects whose refcount exceeds their references in the graph.

import { byteAt } from "../../base/byte-windows.ts";
import { codeOfFrame, valuesInFrame } from "../../cpython/references-frames.ts";
import { follow, int32At, int64At } from "../../cpython/image-access.ts";
import { isImmortal } from "../../cpython/immortal.ts";
import { refcountAt } from "../../cpython/refcount.ts";
import type { FrameRow, RootOrigin, RootTier } from "../snapshot.ts";
import { describeCode } from "../names/code-names.ts";
import { exitCallbackSeeds } from "./exit-callbacks.ts";
import { interpreterParts } from "./interpreter-parts.ts";
import { scanPending, visit } from "./mark.ts";
import type { Walk } from "./walk-state.ts";

const FRAME_LIMIT = 20_000;
const THREAD_LIMIT = 20_000;

/** A root before rows are known. `counted`: the reference is certain and owned, so it explains one refcount. */
export interface RootSeed {
  readonly slot: number;
  readonly tier: RootTier;
  readonly origin: RootOrigin;
  readonly counted: boolean;
}

/** A thread as found in memory. */
export interface ThreadSeed {
  readonly slot: number;
  readonly ident: string;
  readonly frames: readonly FrameRow[];
  /** Slots of the frames' code objects, parallel to `frames`. */
  readonly codeSlots: readonly number[];
}

export interface Roots {
  readonly seeds: RootSeed[];
  readonly threads: ThreadSeed[];
}

/** Collects and queues the roots of all interpreters. */
export function collectRoots(walk: Walk, interpreters: readonly number[]): Roots {
  const roots: Roots = { seeds: [], threads: [] };
  for (const interpreter of interpreters) {
    moduleRoots(walk, interpreter, roots);
    for (const seed of exitCallbackSeeds(walk, interpreter)) addRoot(walk, roots, seed);
    const threads = threadSlots(walk, interpreter);
    for (const thread of threads) threadRoots(walk, thread, roots);
    const { size } = walk.layout.interpreter;
    const parts = interpreterParts(walk.layout);
    for (const [offset, part] of parts) {
      const slot = follow(walk.image, interpreter + offset / 8);
      addRoot(walk, roots, { slot, tier: "interpreter", origin: { kind: "interpreter", offset, part }, counted: true });
    }
    // Since 3.11 the state of the first thread lies in that of the interpreter: its words are the thread's already.
    const inside = threads.map((thread) => (thread - interpreter) * 8).filter((at) => at >= 0 && at < size);
    const isOfThread = (offset: number): boolean =>
      inside.some((at) => offset >= at && offset < at + walk.layout.thread.wholeSize);
    wordRoots(walk, interpreter, size, roots, (offset) =>
      parts.has(offset) || isOfThread(offset) ? null : { kind: "interpreter", offset, part: null },
    );
  }
  return roots;
}

/**
 * Marks static types of which nothing but a type table may know, also those without instances, and makes them roots of the
 * last resort; call when everything else is marked. `others`: those that other walkers met. This walker need not have
 * met them, and what they lead to may bring further ones.
 */
export function markStaticTypes(walk: Walk, others: readonly number[], roots: Roots): void {
  while (visitAll(walk, [...staticTypesOf(walk), ...others]) > 0) scanPending(walk);
  for (const slot of Uint32Array.from(new Set([...staticTypesOf(walk), ...others])).sort())
    addRoot(walk, roots, { slot, tier: "static-types", origin: { kind: "static-type" }, counted: false });
}

/** How many of the objects at `slots` were not marked yet. */
function visitAll(walk: Walk, slots: readonly number[]): number {
  let found = 0;
  for (const slot of slots) {
    if (((walk.marked[slot >>> 5]! >>> (slot & 31)) & 1) === 0 && visit(walk, slot)) found += 1;
  }
  return found;
}

/** Static types that one walker met, and those of which it only met instances. */
export function staticTypesOf({ types, staticTypes }: Walk): readonly number[] {
  const found = [...staticTypes];
  for (let row = 1; row < types.names.length; row++) {
    if (types.ownsType[row] === 0 && types.canonical[row] === row) found.push(types.slot[row]!);
  }
  return found;
}

function addRoot(walk: Walk, roots: Roots, seed: RootSeed): void {
  if (visit(walk, seed.slot)) roots.seeds.push(seed);
}

function moduleRoots(walk: Walk, interpreter: number, roots: Roots): void {
  const { interpreter: layout } = walk.layout;
  const id = int64At(walk.image, interpreter + layout.id / 8);
  const places = [
    ["sys.modules", layout.modules],
    ["sys.__dict__", layout.sysdict],
    ["builtins.__dict__", layout.builtins],
  ] as const;
  for (const [kind, offset] of places) {
    const origin: RootOrigin = id === 0 ? { kind } : { kind, interpreter: id };
    addRoot(walk, roots, {
      slot: follow(walk.image, interpreter + offset / 8),
      tier: "modules",
      origin,
      counted: true,
    });
  }
}

/** States of the threads of one interpreter, the newest first. */
export function threadSlots(walk: Walk, interpreter: number): readonly number[] {
  const found: number[] = [];
  let slot = follow(walk.image, interpreter + walk.layout.interpreter.threadsHead / 8);
  const seen = new Set<number>();
  while (slot > 0 && found.length < THREAD_LIMIT && !seen.has(slot)) {
    seen.add(slot);
    found.push(slot);
    slot = follow(walk.image, slot + walk.layout.thread.next / 8);
  }
  return found;
}

function threadRoots(walk: Walk, thread: number, roots: Roots): void {
  const { thread: layout } = walk.layout;
  const index = roots.threads.length;
  const frames: FrameRow[] = [];
  const codeSlots: number[] = [];
  const frameSlots =
    walk.layout.interpreterFrame === null ? objectFrames(walk, thread) : interpreterFrames(walk, thread);
  for (const frame of frameSlots) {
    const code = codeSlotOf(walk, frame);
    if (code <= 0 || !visit(walk, code)) continue;
    const description = describeCode(walk.image, walk.layout, code);
    frames.push({
      code: 0 as FrameRow["code"],
      function: description.name,
      file: description.file,
      line: description.firstLine,
    });
    codeSlots.push(code);
    frameRoots(walk, frame, code, { thread: index, frame: frames.length - 1, names: description.localNames }, roots);
  }
  const words = walk.image.words;
  const identSlot = thread + layout.threadId / 8;
  const ident = (BigInt(words[identSlot * 2 + 1]!) << 32n) | BigInt(words[identSlot * 2]!);
  roots.threads.push({ slot: thread, ident: String(ident), frames, codeSlots });
  wordRoots(walk, thread, layout.wholeSize, roots, (offset) => ({
    kind: "thread",
    thread: index,
    part: threadPart(walk, offset),
  }));
}

function threadPart(walk: Walk, offset: number): string {
  const { dict, context } = walk.layout.thread;
  if (offset === dict) return "dict";
  return offset === context ? "context" : `+${offset}`;
}

/** 3.8-3.10: frame objects, innermost first. */
function objectFrames(walk: Walk, thread: number): readonly number[] {
  const found: number[] = [];
  let frame = follow(walk.image, thread + (walk.layout.thread.frame ?? 0) / 8);
  while (frame > 0 && found.length < FRAME_LIMIT) {
    found.push(frame);
    frame = follow(walk.image, frame + walk.layout.frameObject.back / 8);
  }
  return found;
}

/** 3.11+: interpreter frames. 3.11 and 3.12 reach them through a C frame on the thread's stack. */
function interpreterFrames(walk: Walk, thread: number): readonly number[] {
  const { thread: layout, interpreterFrame } = walk.layout;
  const found: number[] = [];
  if (interpreterFrame === null) return found;
  const holder = layout.currentFrame === null ? follow(walk.image, thread + (layout.cframe ?? 0) / 8) : thread;
  const offset = layout.currentFrame ?? layout.cframeCurrentFrame ?? 0;
  let frame = holder <= 0 ? -1 : follow(walk.image, holder + offset / 8);
  while (frame > 0 && found.length < FRAME_LIMIT) {
    const owner = byteAt(walk.image.bytes, frame * 8 + interpreterFrame.owner);
    if (interpreterFrame.ownedByNoFunction === null || owner < interpreterFrame.ownedByNoFunction) found.push(frame);
    frame = follow(walk.image, frame + interpreterFrame.previous / 8);
  }
  return found;
}

function codeSlotOf(walk: Walk, frame: number): number {
  if (walk.layout.interpreterFrame !== null) return codeOfFrame(walk.scan, frame);
  return follow(walk.image, frame + (walk.layout.frameObject.code ?? 0) / 8);
}

interface FramePlace {
  readonly thread: number;
  readonly frame: number;
  readonly names: readonly string[];
}

function frameRoots(walk: Walk, frame: number, code: number, place: FramePlace, roots: Roots): void {
  const { interpreterFrame, frameObject } = walk.layout;
  const origin = (part: "code" | "function" | "locals" | "object" | "stack"): RootOrigin => ({
    kind: "frame",
    thread: place.thread,
    frame: place.frame,
    part,
  });
  if (interpreterFrame === null) {
    // The frame object owns the locals; it is a node of its own, so only it is a counted root.
    addRoot(walk, roots, { slot: frame, tier: "frames", origin: origin("object"), counted: false });
    localRoots(walk, frame + (frameObject.localsplus ?? 0) / 8, place, roots, false);
    wholeStackRoots(walk, follow(walk.image, frame + (frameObject.valuestack ?? 0) / 8), code, roots, origin("stack"));
    return;
  }
  const owned = byteAt(walk.image.bytes, frame * 8 + interpreterFrame.owner) === interpreterFrame.ownedByThread;
  const parts = {
    code: interpreterFrame.code,
    function: interpreterFrame.function,
    locals: interpreterFrame.locals,
    object: interpreterFrame.frameObject,
  } as const;
  for (const [part, offset] of Object.entries(parts) as [keyof typeof parts, number][]) {
    addRoot(walk, roots, {
      slot: follow(walk.image, frame + offset / 8),
      tier: "frames",
      origin: origin(part),
      counted: owned && !isBorrowed(walk, frame + offset / 8),
    });
  }
  localRoots(walk, frame + interpreterFrame.localsplus / 8, place, roots, owned);
  stackRoots(walk, frame, code, place, roots, origin("stack"));
}

/** 3.14+: a word of a frame may say that another one owns what it leads to, most often a local of the caller. */
function isBorrowed(walk: Walk, slot: number): boolean {
  const tag = walk.layout.interpreterFrame?.borrowedTag ?? 0;
  return (walk.image.words[slot * 2]! & tag) !== 0;
}

function localRoots(walk: Walk, first: number, place: FramePlace, roots: Roots, counted: boolean): void {
  for (const [i, name] of place.names.entries()) {
    const slot = follow(walk.image, first + i);
    addRoot(walk, roots, {
      slot,
      tier: "frames",
      origin: { kind: "frame-local", thread: place.thread, frame: place.frame, name },
      counted: counted && !isBorrowed(walk, first + i),
    });
  }
}

/** The evaluation stack of a running frame has no recorded top: all of it, conservatively. */
function stackRoots(
  walk: Walk,
  frame: number,
  code: number,
  place: FramePlace,
  roots: Roots,
  origin: RootOrigin,
): void {
  const layout = walk.layout.interpreterFrame;
  if (layout === null) return;
  const values = valuesInFrame(walk.image, walk.layout, frame);
  const locals = place.names.length;
  const size = values === null ? int32At(walk.image, code, walk.layout.code.stackSize) : values - locals;
  const first = frame + layout.localsplus / 8 + locals;
  for (let i = 0; i < Math.min(size, FRAME_LIMIT); i++) {
    addRoot(walk, roots, { slot: alignedFollow(walk, first + i), tier: "interpreter", origin, counted: false });
  }
}

/** 3.8-3.10: a running frame does not say how deep its stack is: all of it, conservatively. */
function wholeStackRoots(walk: Walk, first: number, code: number, roots: Roots, origin: RootOrigin): void {
  if (first <= 0) return;
  const size = Math.min(int32At(walk.image, code, walk.layout.code.stackSize), FRAME_LIMIT);
  for (let i = 0; i < size; i++) {
    addRoot(walk, roots, { slot: alignedFollow(walk, first + i), tier: "interpreter", origin, counted: false });
  }
}

/** Every aligned word of a state struct that leads to an object. What never dies needs no refcount to be believed. */
function wordRoots(
  walk: Walk,
  first: number,
  bytes: number,
  roots: Roots,
  origin: (offset: number) => RootOrigin | null,
): void {
  for (let offset = 0; offset < bytes; offset += 8) {
    const slot = alignedFollow(walk, first + offset / 8);
    const from = slot > 0 ? origin(offset) : null;
    if (from === null) continue;
    const tier = isImmortal(refcountAt(walk.image.words, slot, walk.scan.offsets)) ? "native" : "interpreter";
    addRoot(walk, roots, { slot, tier, origin: from, counted: false });
  }
}

function alignedFollow(walk: Walk, slot: number): number {
  return (walk.image.words[slot * 2]! & 7) === 0 ? follow(walk.image, slot) : -1;
}
