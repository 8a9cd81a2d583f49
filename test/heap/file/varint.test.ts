import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ByteReader,
  ByteWriter,
  MAX_VARINT_BYTES,
  MAX_WIDE_VARINT_BYTES,
  unzigzag,
  zigzag,
} from "../../../src/heap/file/varint.ts";

const uint32 = fc.oneof(
  fc.nat(300),
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(127, 128, 16383, 16384, 0xffffffff),
);

test("32-bit varints come back and take at most five bytes", () => {
  fc.assert(
    fc.property(fc.array(uint32), (values) => {
      const out = new ByteWriter(new Uint8Array(values.length * MAX_VARINT_BYTES));
      for (const value of values) out.varint(value);
      const input = new ByteReader(out.written);
      expect(values.map(() => input.varint())).toEqual(values);
      expect(input.position).toBe(input.length);
    }),
  );
});

test("wide varints hold every safe integer in at most eight bytes", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(uint32, fc.maxSafeNat(), fc.constant(Number.MAX_SAFE_INTEGER))), (values) => {
      const out = new ByteWriter(new Uint8Array(values.length * MAX_WIDE_VARINT_BYTES));
      for (const value of values) out.wideVarint(value);
      const input = new ByteReader(out.written);
      expect(values.map(() => input.wideVarint())).toEqual(values);
    }),
  );
});

test("the documented examples", () => {
  const bytesOf = (value: number): number[] => {
    const out = new ByteWriter(new Uint8Array(8));
    out.varint(value);
    return [...out.written];
  };
  expect(bytesOf(0)).toEqual([0]);
  expect(bytesOf(300)).toEqual([0xac, 0x02]);
  expect(bytesOf(0xffffffff)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  expect([0, -1, 1, -2].map(zigzag)).toEqual([0, 1, 2, 3]);
});

test("zigzag is its own way back", () => {
  fc.assert(fc.property(fc.integer(), (value) => unzigzag(zigzag(value)) === value));
});

test("a varint that the block cuts off ends, and leaves the cursor behind the end", () => {
  const input = new ByteReader(Uint8Array.of(0x80, 0x80));
  expect(input.varint()).toBe(0);
  expect(input.position).toBeGreaterThan(input.length);
});
