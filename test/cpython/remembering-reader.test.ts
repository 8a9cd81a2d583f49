// What is read twice from a process that runs on must be the same both times.

import { describe, expect, it } from "vitest";
import type { Addr } from "../../src/base/brand.ts";
import type { OutsideReader } from "../../src/cpython/memory-image.ts";
import { type KnownReads, rememberingReader } from "../../src/cpython/remembering-reader.ts";

const NAME = 0x7f00_0000_1000 as Addr;

/** Answers a byte more often read is higher, and nothing from the third time on. */
function changingMemory(): OutsideReader & { readonly reads: number[] } {
  const reads: number[] = [];
  return {
    reads,
    read: (_address, length) => {
      reads.push(length);
      return reads.length < 3 ? new Uint8Array(length).fill(reads.length) : new Uint8Array(0);
    },
  };
}

describe("a reader that remembers", () => {
  it("answers the second time what it answered the first time", () => {
    const memory = changingMemory();
    const reader = rememberingReader(memory, new Map());
    expect([reader.read(NAME, 4), reader.read(NAME, 4), reader.read(NAME, 2)]).toEqual([
      new Uint8Array([1, 1, 1, 1]),
      new Uint8Array([1, 1, 1, 1]),
      new Uint8Array([1, 1]),
    ]);
    expect(memory.reads).toEqual([4]);
  });
  it("remembers that there was nothing", () => {
    const memory = { read: () => new Uint8Array(0) };
    const known: KnownReads = new Map();
    expect(rememberingReader(memory, known).read(NAME, 256)).toHaveLength(0);
    const later = rememberingReader({ read: () => new Uint8Array(256) }, known);
    expect(later.read(NAME, 256)).toHaveLength(0);
  });
  it("reads again when more is asked for", () => {
    const reader = rememberingReader(changingMemory(), new Map());
    expect([reader.read(NAME, 1), reader.read(NAME, 2)]).toEqual([new Uint8Array([1]), new Uint8Array([2, 2])]);
  });
});
