import { describe, expect, test } from "vitest";

import { selectSegments } from "../../src/capture/core-segments.ts";
import { type ElfSegment, PF_W, PT_LOAD } from "../../src/capture/elf-format.ts";

const FILE_BYTES = 1 << 20;

function writable(address: number, memoryBytes: number, fileBytes: number): ElfSegment {
  return { type: PT_LOAD, flags: PF_W, offset: 4096, address, fileBytes, memoryBytes };
}

describe("memory that a core leaves out", () => {
  test.each([
    ["counts where objects may have lain in it", 256 << 10, 256 << 10],
    ["is no loss where no allocator keeps objects, as the page of glibc's getrandom", 4096, 0],
  ])("%s", (_, leftOut, counted) => {
    const segments = [writable(0x10000, 4096, 4096), writable(0x40_0000, leftOut, 0)];
    const selected = selectSegments("core", FILE_BYTES, segments, []);
    expect(selected).toMatchObject({ ok: true, value: { omittedBytes: counted } });
  });
});
