import { expect, it } from "vitest";
import { LineReader } from "../../../src/app/probe/line-reader.ts";

const bytes = (text: string): Buffer => Buffer.from(text);

it("lines come out whole, however the bytes come in", () => {
  for (const size of [1, 2, 3, 7, 100]) {
    const reader = new LineReader(10);
    const lines: string[] = [];
    const text = bytes("one\n\ntwö\nthree\nrest");
    for (let at = 0; at < text.length; at += size) lines.push(...(reader.read(text.subarray(at, at + size)) ?? ["!"]));
    expect(lines).toEqual(["one", "", "twö", "three"]);
  }
});

it("a line that is too long is refused, with its end or without", () => {
  expect(new LineReader(4).read(bytes("1234\n"))).toEqual(["1234"]);
  expect(new LineReader(4).read(bytes("12345\n"))).toBeNull();
  expect(new LineReader(4).read(bytes("12345"))).toBeNull();
  const slow = new LineReader(4);
  expect([slow.read(bytes("123")), slow.read(bytes("45"))]).toEqual([[], null]);
});
