// Pictures of the page against those that were kept, compared in the browser itself. `UPDATE_GOLDEN=1` writes them; look at each.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { indexedPng } from "./indexed-png.ts";

const PICTURES = join(import.meta.dirname, "pictures");
const FONTS_FILE = join(PICTURES, "fonts.json");
/** Edges of letters are drawn a little differently by every version of a browser: pictures are compared in cells of 4 by 4. */
const CELL = 4;
/** Of 255, in any colour. */
const NOTICED = 40;
/** Share of the cells. A row of a table that is gone is more. */
const MOST_DIFFERENT = 0.003;
export const MOST_BYTES = 60_000;

/** Null when it is as it was; otherwise what is different. `isKept`: an update writes it. */
export async function differenceFrom(page: Page, name: string, isKept: boolean = true): Promise<string | null> {
  const file = join(PICTURES, `${name}.png`);
  const taken = await page.screenshot({ animations: "disabled", caret: "hide" });
  if (isKept && process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, await inFewColours(page, taken));
  if (!existsSync(file)) return `there is no picture ${name}.png; UPDATE_GOLDEN=1 takes it`;
  const kept = readFileSync(file);
  if (kept.length > MOST_BYTES) return `${name}.png has ${kept.length} bytes, more than ${MOST_BYTES}`;
  const share = await shareOfDifferentCells(page, taken, kept);
  if (share === null) return "it has another size";
  if (share <= MOST_DIFFERENT) return null;
  if (!isKept) return `${(share * 100).toFixed(2)} % of it is different`;
  const seen = join(tmpdir(), `deadweight-${name}.png`);
  writeFileSync(seen, taken);
  return `${(share * 100).toFixed(2)} % of it is different; ${seen} is what was seen`;
}

/** On a blank page, which has no policy against it. Null for pictures of different sizes. */
async function shareOfDifferentCells(page: Page, taken: Buffer, kept: Buffer): Promise<number | null> {
  const blank = await page.context().newPage();
  try {
    const pictures = [taken, kept].map((each) => `data:image/png;base64,${each.toString("base64")}`);
    return await blank.evaluate<number | null>(`(${COMPARE})(${JSON.stringify(pictures)}, ${CELL}, ${NOTICED})`);
  } finally {
    await blank.close();
  }
}

/** As it is kept. */
async function inFewColours(page: Page, picture: Buffer): Promise<Buffer> {
  const blank = await page.context().newPage();
  try {
    const source = `data:image/png;base64,${picture.toString("base64")}`;
    const { width, height, pixels } = await blank.evaluate<{
      readonly width: number;
      readonly height: number;
      readonly pixels: string;
    }>(`(${PIXELS})(${JSON.stringify(source)})`);
    return indexedPng(Buffer.from(pixels, "base64"), width, height);
  } finally {
    await blank.close();
  }
}

const PIXELS = `async (source) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let text = "";
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return { width, height, pixels: btoa(text) };
}`;

/** Runs in the browser. */
const COMPARE = `async (pictures, cell, noticed) => {
  const images = await Promise.all(pictures.map(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    return image;
  }));
  const [first, second] = images;
  if (first.width !== second.width || first.height !== second.height) return null;
  const width = Math.floor(first.width / cell);
  const height = Math.floor(first.height / cell);
  const [a, b] = images.map((image) => {
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width * cell, height * cell, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  });
  let different = 0;
  for (let at = 0; at < a.length; at += 4)
    if ([0, 1, 2].some((channel) => Math.abs(a[at + channel] - b[at + channel]) > noticed)) different += 1;
  return different / (width * height);
}`;

/** Null when this machine draws letters as wide as the one of the pictures; otherwise which it has. */
export async function otherFonts(page: Page): Promise<string | null> {
  const widths = await page.evaluate<Record<string, number>>(`(${MEASURE})()`);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(FONTS_FILE, `${JSON.stringify(widths, null, 2)}\n`);
  const kept = JSON.parse(readFileSync(FONTS_FILE, "utf8")) as Record<string, number>;
  const other = Object.keys(kept).filter((font) => Math.abs((widths[font] ?? 0) - (kept[font] ?? 0)) > 0.5);
  return other.length === 0
    ? null
    : `the fonts of this machine (${other.join(", ")}) are not those of the pictures (DejaVu, of the package fonts-dejavu-core)`;
}

const MEASURE = `() => {
  const context = new OffscreenCanvas(10, 10).getContext("2d");
  const text = "sys.modules['app'].SESSIONS 1,234.5 MiB";
  const widths = {};
  for (const font of ["sans-serif", "monospace", "system-ui"]) {
    context.font = "16px " + font;
    widths[font] = context.measureText(text).width;
  }
  return widths;
}`;
