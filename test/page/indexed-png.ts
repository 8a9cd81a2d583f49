// Pictures with a palette: a quarter of the bytes of a screenshot, for what is kept in the repository.

import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const MOST_COLOURS = 256;

/** `rgba`: four bytes per pixel. Colours are rounded until 256 are enough; at 16 steps nobody sees it. */
export function indexedPng(rgba: Uint8Array, width: number, height: number): Buffer {
  for (const steps of [32, 16, 8, 6]) {
    const palette = new Map<number, number>();
    const rows = Buffer.alloc((width + 1) * height);
    for (let pixel = 0; pixel < width * height && palette.size <= MOST_COLOURS; pixel++) {
      const colour = colourAt(rgba, pixel * 4, 255 / (steps - 1));
      const index = palette.get(colour) ?? palette.size;
      palette.set(colour, index);
      // Each row begins with the number of its filter, which is 0: none.
      rows[pixel + Math.floor(pixel / width) + 1] = index;
    }
    if (palette.size <= MOST_COLOURS) return pngOf([...palette.keys()], rows, width, height);
  }
  throw new Error("six steps of three colours are 216");
}

function colourAt(rgba: Uint8Array, at: number, step: number): number {
  const rounded = (channel: number): number => Math.round(Math.round((rgba[at + channel] ?? 0) / step) * step);
  return rounded(0) * 65_536 + rounded(1) * 256 + rounded(2);
}

function pngOf(palette: readonly number[], rows: Buffer, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const data = deflateSync(rows, { level: 9 });
  const chunks = [chunk("IHDR", header), chunk("PLTE", colours), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
