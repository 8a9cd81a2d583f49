// Buffers above 4 GiB: the largest is address space only, since a few of its pages are touched.

import { describe, expect, test } from "vitest";
import { byteAt, bytesIn, byteWindows, windowAt } from "../../src/base/byte-windows.ts";

const GIB = 2 ** 30;

describe("bytes of a buffer of 5 GiB", () => {
  const size = 5 * GIB + 4096;
  const buffer = new ArrayBuffer(size);
  const words = new Uint32Array(buffer);
  const windows = byteWindows(buffer, size);

  test.each([0, GIB - 4, GIB, 2 * GIB, 4 * GIB - 4, 4 * GIB, size - 4])(
    "the word at byte %d is seen byte by byte",
    (offset) => {
      words[offset / 4] = 0x04030201;
      expect([0, 1, 2, 3].map((i) => byteAt(windows, offset + i))).toEqual([1, 2, 3, 4]);
      expect([...bytesIn(windows, offset, 4)]).toEqual([1, 2, 3, 4]);
    },
  );

  test("a view over the border of a window is whole", () => {
    words[GIB / 4 - 1] = 0x44332211;
    words[GIB / 4] = 0x88776655;
    expect([...bytesIn(windows, GIB - 2, 4)]).toEqual([0x33, 0x44, 0x55, 0x66]);
  });

  test("views end with the buffer", () => {
    expect(bytesIn(windows, size - 4, 100)).toHaveLength(4);
    expect(byteAt(windows, size + 10)).toBe(0);
  });

  test("a window says where it begins", () => {
    const { bytes, start } = windowAt(windows, 4 * GIB + 7);
    bytes[4 * GIB + 7 - start] = 99;
    expect(byteAt(windows, 4 * GIB + 7)).toBe(99);
  });
});
