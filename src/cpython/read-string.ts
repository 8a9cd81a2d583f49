// Reads the characters of a str object. Objects/unicodeobject.c: compact strings keep them behind the header,
// others (subclasses, and 3.8-3.11 legacy strings) in a block of their own.

import { bytesIn } from "../base/byte-windows.ts";
import { slotOfHalves } from "./image-access.ts";
import type { Layout } from "./layout.ts";
import type { MemoryImage } from "./memory-image.ts";

/** Names are cut here: no identifier or path that a person wrote is longer. */
export const NAME_LIMIT = 400;

const utf16 = new TextDecoder("utf-16le");
const latin1 = new TextDecoder("latin1");

/** The first `limit` characters of the str at `slot`; null when it cannot be read. */
export function readString(image: MemoryImage, layout: Layout, slot: number, limit: number): string | null {
  const place = charactersOf(image, layout, slot);
  if (place === null) return null;
  const length = Math.min(place.length, limit);
  const bytes = bytesIn(image.bytes, place.start, length * place.charBytes).slice();
  if (place.charBytes === 1) return decodeLatin1(bytes);
  if (place.charBytes === 2) return utf16.decode(bytes);
  const points = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
  let text = "";
  for (const point of points) text += point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  return text;
}

/** `latin1` of the Encoding Standard is windows-1252; only plain ASCII is the same in both. */
function decodeLatin1(bytes: Uint8Array): string {
  for (const byte of bytes) if (byte >= 0x80) return String.fromCharCode(...bytes);
  return latin1.decode(bytes);
}

export interface Characters {
  /** Byte offset in the copy. */
  readonly start: number;
  /** In characters. */
  readonly length: number;
  readonly charBytes: number;
}

/** Where the characters of a str lie; null when the string is empty of meaning (not ready, torn, outside the copy). */
export function charactersOf(image: MemoryImage, layout: Layout, slot: number): Characters | null {
  const { unicode } = layout;
  const { words } = image;
  const state = words[slot * 2 + unicode.state / 4]!;
  const length = words[slot * 2 + unicode.length / 4]!;
  const charBytes = (state >>> unicode.kindShift) & 7;
  if (charBytes !== 1 && charBytes !== 2 && charBytes !== 4) return null;
  const isCompact = ((state >>> unicode.compactBit) & 1) !== 0;
  const isAscii = ((state >>> unicode.asciiBit) & 1) !== 0;
  let start = slot * 8 + (isAscii ? unicode.asciiSize : unicode.compactSize);
  if (!isCompact) {
    const data = slot + unicode.data / 8;
    const low = words[data * 2]!;
    const dataSlot = slotOfHalves(image, low, words[data * 2 + 1]!);
    if (dataSlot < 0) return null;
    start = dataSlot * 8 + (low & 7);
  }
  const lastByte = (image.runEnd[Math.floor(start / 4096)]! + 1) * 4096;
  return start + length * charBytes <= lastByte ? { start, length, charBytes } : null;
}
