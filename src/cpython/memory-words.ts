// Words of a target's memory, one at a time. A word that cannot be read is null: the caller says what that means.

import type { Addr } from "../base/brand.ts";
import type { OutsideReader } from "./memory-image.ts";

export interface MemoryWords {
  readonly bytes: (address: number, length: number) => Uint8Array | null;
  /** A pointer; null also for one that no process can have. */
  readonly pointer: (address: number) => Addr | null;
  readonly i32: (address: number) => number | null;
  readonly u8: (address: number) => number | null;
}

/** A user's addresses on x86-64 and arm64 end here. */
const ADDRESS_END = 2 ** 47;

export function memoryWords(memory: OutsideReader): MemoryWords {
  const bytes = (address: number, length: number): Uint8Array | null => {
    const read = memory.read(address as Addr, length);
    return read.length === length ? read : null;
  };
  const view = (address: number, length: number): DataView | null => {
    const read = bytes(address, length);
    return read === null ? null : new DataView(read.buffer, read.byteOffset, length);
  };
  return {
    bytes,
    pointer: (address) => {
      const value = Number(view(address, 8)?.getBigUint64(0, true) ?? ADDRESS_END);
      return value < ADDRESS_END ? (value as Addr) : null;
    },
    i32: (address) => view(address, 4)?.getInt32(0, true) ?? null,
    u8: (address) => view(address, 1)?.getUint8(0) ?? null,
  };
}
