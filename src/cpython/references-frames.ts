// References of frames, generators and coroutines. Locals are labelled as attributes; their names are those of the code
// object, which the row's variant key points to.

import { fieldLabel } from "./labels.ts";
import { follow, int32At } from "./image-access.ts";
import type { Layout } from "./layout.ts";
import type { MemoryImage } from "./memory-image.ts";
import { byteAt } from "../base/byte-windows.ts";
import {
  copyAttributes,
  copyConservative,
  copyNamed,
  copyRange,
  copyTagged,
  type ReferenceScan,
  slotAt,
} from "./copy-references.ts";
import { variantOf } from "./type-table.ts";

/** More locals than any compiler emits: a torn read. */
const LOCALS_LIMIT = 100_000;

/** 3.8-3.10 Objects/frameobject.c frame_traverse: code, dicts, trace, then locals, cells and the value stack. */
export function scanFrameObject(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const frame = scan.layout.frameObject;
  const locals = frame.localsplus ?? 0;
  const code = slotAt(scan, slot + (frame.code ?? 0) / 8);
  let at = start;
  // Field by field: the block stack between them is not initialised, and f_gen is borrowed.
  for (const field of [frame.back, frame.code, frame.builtins, frame.globals, frame.locals, frame.trace]) {
    if (field !== null) at = copyNamed(scan, slot, field, at);
  }
  // The struct already has room for one local.
  scan.bytes += (scan.words[(slot + scan.offsets.itemCount) * 2]! - 1) * 8;
  if (code === 0) return at;
  scan.row = variantOf(scan.types, row, code);
  const first = slot + locals / 8;
  const count = stackEnd(scan, slot, first) - first;
  const stack = slotAt(scan, slot + (frame.valuestack ?? 0) / 8);
  return copyFrameValues(scan, first, count, stack - first, at);
}

/** Slot behind the last live value of a frame: by depth (3.10) or by pointer, null while the frame runs (3.8, 3.9). */
function stackEnd(scan: ReferenceScan, slot: number, first: number): number {
  const frame = scan.layout.frameObject;
  const stack = slotAt(scan, slot + (frame.valuestack ?? 0) / 8);
  if (frame.stackdepth !== null) {
    const depth = int32At(scan.image, slot, frame.stackdepth);
    return depth > 0 ? stack + depth : stack;
  }
  const top = slotAt(scan, slot + (frame.stacktop ?? 0) / 8);
  return top >= first ? top : stack;
}

/** 3.11+ frame objects: when the frame has ended its interpreter frame was moved into the object. */
export function scanFrameView(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const { frameObject } = scan.layout;
  let at = start;
  for (const field of [
    frameObject.back,
    frameObject.trace,
    frameObject.extraLocals,
    frameObject.localsCache,
    frameObject.overwrittenLocals,
  ]) {
    if (field !== null) at = copyNamed(scan, slot, field, at);
  }
  const frame = slotAt(scan, slot + (frameObject.interpreterFrame ?? 0) / 8);
  const embedded = frameObject.embeddedFrame ?? 0;
  sizeWithFrame(scan, frame, row, embedded);
  return frame === slot + embedded / 8 ? scanInterpreterFrame(scan, slot, frame, row, at) : at;
}

/** Size of an object that ends in an interpreter frame: its fields, the frame's, and room for locals and stack. */
function sizeWithFrame(scan: ReferenceScan, frame: number, row: number, ownBytes: number): void {
  const code = frame === 0 ? 0 : codeOfFrame(scan, frame);
  if (code === 0) return;
  const { code: offsets, interpreterFrame } = scan.layout;
  const room = int32At(scan.image, code, offsets.localCount) + int32At(scan.image, code, offsets.stackSize);
  if (room < 0 || room >= LOCALS_LIMIT) return;
  scan.bytes = scan.types.prefixBytes[row]! + ownBytes + (interpreterFrame?.localsplus ?? 0) + room * 8;
}

/** Own fields; from 3.11 on also the frame inside while it is alive, before that a frame object. */
export function scanGenerator(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const { generator } = scan.layout;
  const embedded = generator.interpreterFrame;
  if (embedded === null) return scanGeneratorOfFrame(scan, slot, row, start);
  const at = copyRange(scan, slot, scan.layout.objectHead.size, embedded, generator.weakreflist, start);
  const state = (byteAt(scan.image.bytes, slot * 8 + (generator.frameState ?? 0)) << 24) >> 24;
  const frame = slot + embedded / 8;
  sizeWithFrame(scan, frame, row, embedded);
  if (state < (generator.aliveBelow ?? 0)) return scanInterpreterFrame(scan, slot, frame, row, at);
  // Since 3.14 the code is visited, and cleared, with the generator even when its frame is gone.
  const layout = scan.layout.interpreterFrame;
  return layout === null || layout.tagMask === null
    ? at
    : copyTagged(scan, frame + layout.code / 8, fieldLabel(embedded + layout.code), at);
}

/**
 * 3.8-3.10 Include/genobject.h. Up to 3.9 the word between gi_frame and gi_code is `char gi_running`: what lies in the
 * seven bytes behind it was never written and often looks like a pointer.
 */
function scanGeneratorOfFrame(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const { generator } = scan.layout;
  const code = generator.weakreflist - 8;
  const at = copyNamed(scan, slot, generator.frame ?? scan.layout.objectHead.size, start);
  return copyRange(scan, slot, code, scan.types.basicBytes[row]!, generator.weakreflist, at);
}

/** The frame inside the object at `slot`, which is not running: everything up to its stack top is owned. */
function scanInterpreterFrame(scan: ReferenceScan, slot: number, frame: number, row: number, start: number): number {
  const layout = scan.layout.interpreterFrame;
  if (layout === null) return start;
  let at = start;
  // Since 3.14 the first two may carry a tag, which a frame that does not run has on what never dies.
  for (const field of [layout.code, layout.function])
    at = copyTagged(scan, frame + field / 8, fieldLabel((frame - slot) * 8 + field), at);
  for (const field of [layout.locals, layout.frameObject]) at = copyNamed(scan, slot, (frame - slot) * 8 + field, at);
  const code = codeOfFrame(scan, frame);
  if (code === 0) return at;
  scan.row = variantOf(scan.types, row, code);
  const locals = int32At(scan.image, code, scan.layout.code.localCount);
  const count = valuesInFrame(scan.image, scan.layout, frame) ?? locals;
  return copyFrameValues(scan, frame + layout.localsplus / 8, count, locals, at);
}

/** How many values the interpreter frame at slot `frame` holds, locals included; null while it runs. O(1). */
export function valuesInFrame(image: MemoryImage, layout: Layout, frame: number): number | null {
  const { stacktop, stackPointer, localsplus } = layout.interpreterFrame ?? NO_FRAME;
  if (stackPointer !== null) {
    const top = follow(image, frame + stackPointer / 8);
    const count = top - (frame + localsplus / 8);
    return top > 0 && count >= 0 && count < LOCALS_LIMIT ? count : null;
  }
  const count = stacktop === null ? -1 : int32At(image, frame, stacktop);
  return count >= 0 ? count : null;
}

const NO_FRAME = { stacktop: null, stackPointer: null, localsplus: 0 } as const;

/** `count` values of a frame: the first `locals` have names, the rest is its evaluation stack. */
function copyFrameValues(scan: ReferenceScan, first: number, count: number, locals: number, start: number): number {
  if (count <= 0 || count >= LOCALS_LIMIT || locals < 0) return start;
  const named = Math.min(count, locals);
  return copyConservative(scan, first + named, count - named, copyAttributes(scan, first, named, start));
}

/** Slot of the code object of an interpreter frame, 0 when there is none. */
export function codeOfFrame(scan: ReferenceScan, frame: number): number {
  const layout = scan.layout.interpreterFrame;
  return layout === null ? 0 : slotAt(scan, frame + layout.code / 8);
}
