// Asks a stopped target whether a garbage collection is running, with a handful of small reads and before any copying.

import { HIGH_WORD } from "../base/uint32.ts";
import type { Addr } from "../base/brand.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Layout } from "./layout.ts";
import type { OutsideReader } from "./memory-image.ts";

const INTERPRETER_LIMIT = 64;

/** True when any interpreter's collector is at work. False when the state cannot be read: the walk will tell. */
export function isCollecting(memory: OutsideReader, interpreter: Interpreter, layout: Layout): boolean {
  const runtime = interpreter.symbols.get("_PyRuntime");
  if (runtime === undefined) return false;
  const { runtime: runtimeLayout, interpreter: interpreterLayout, collector } = layout;
  if (runtimeLayout.gc !== null) return int32(memory, runtime + runtimeLayout.gc + collector.collecting) !== 0;
  let state = pointer(memory, runtime + runtimeLayout.interpretersHead);
  for (let i = 0; state !== 0 && i < INTERPRETER_LIMIT; i++) {
    if (int32(memory, state + (interpreterLayout.gc ?? 0) + collector.collecting) !== 0) return true;
    state = pointer(memory, state + interpreterLayout.next);
  }
  return false;
}

function int32(memory: OutsideReader, address: number): number {
  const bytes = memory.read(address as Addr, 4);
  return bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
}

function pointer(memory: OutsideReader, address: number): number {
  const bytes = memory.read(address as Addr, 8);
  if (bytes.length < 8) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return view.getUint32(0, true) + view.getUint32(4, true) * HIGH_WORD;
}
