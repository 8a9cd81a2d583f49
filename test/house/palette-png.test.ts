// Pictures with a palette: what every pixel of them is, whatever filters the rows of the original have.

import { crc32, deflateSync, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { palettePng } from "../../tools/pictures/palette-png.ts";

type Colour = readonly [number, number, number];
const RED: Colour = [200, 10, 10];
const NEARLY_RED: Colour = [198, 12, 10];
const BLUE: Colour = [0, 0, 255];
const WHITE: Colour = [255, 255, 255];

/** How PNG foretells a byte, by its filter: from the one on the left, above, and above on the left. */
const FORETOLD: readonly ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => Math.floor((left + above) / 2),
  (left, above, corner) => {
    const distance = (each: number): number => Math.abs(left + above - corner - each);
    const least = Math.min(distance(left), distance(above), distance(corner));
    return [left, above, corner].find((each) => distance(each) === least) ?? 0;
  },
];

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** 8 bits, RGB; row n has filter n. */
function pngOf(rows: readonly (readonly Colour[])[]): Buffer {
  const bytes = rows.map((row) => row.flat());
  const at = (row: number, column: number): number => bytes[row]?.[column] ?? 0;
  const filtered = bytes.map((row, y) => {
    const foretold = FORETOLD[y % FORETOLD.length] ?? (() => 0);
    return [
      y % FORETOLD.length,
      ...row.map((byte, x) => (byte - foretold(at(y, x - 3), at(y - 1, x), at(y - 1, x - 3))) & 255),
    ];
  });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(rows[0]?.length ?? 0, 0);
  head.writeUInt32BE(rows.length, 4);
  head.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.from(filtered.flat()));
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

/** The colours of a picture with a palette, whose rows have no filter. */
function coloursIn(png: Buffer, width: number): readonly (readonly Colour[])[] {
  const dataOf = (name: string): Buffer => {
    const at = png.indexOf(name);
    return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
  };
  const palette = dataOf("PLTE");
  const rows = inflateSync(dataOf("IDAT"));
  return Array.from({ length: rows.length / (width + 1) }, (_, y) =>
    Array.from({ length: width }, (__, x) => {
      const index = rows[y * (width + 1) + 1 + x] ?? 0;
      return [palette[index * 3] ?? 0, palette[index * 3 + 1] ?? 0, palette[index * 3 + 2] ?? 0] as const;
    }),
  );
}

describe("a picture with a palette", () => {
  it("is the same picture where it has few colours, by every filter", () => {
    const rows = [0, 1, 2, 3, 4, 5].map((y) => [0, 1, 2, 3].map((x) => [RED, BLUE, WHITE][(x * 2 + y) % 3] ?? RED));
    expect(coloursIn(palettePng(pngOf(rows), 256), 4)).toEqual(rows);
  });

  it("has the nearest of the most frequent colours otherwise", () => {
    const rows = [
      [RED, RED, BLUE],
      [RED, BLUE, NEARLY_RED],
    ];
    expect(coloursIn(palettePng(pngOf(rows), 2), 3)).toEqual([
      [RED, RED, BLUE],
      [RED, BLUE, RED],
    ]);
  });

  it("is refused where the original is of another kind", () => {
    const png = pngOf([[RED]]);
    png[24] = 16;
    expect(() => palettePng(png, 2)).toThrow("not a PNG of the kind that is read");
  });
});
