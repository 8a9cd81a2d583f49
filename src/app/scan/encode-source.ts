// A changed text back to the bytes of its file.

import type { SourceText } from "../../python/source-text.ts";
import { decodeSource } from "../../python/source-text.ts";

/** `text` in the encoding of `source`, byte order mark and all; null when that cannot be done without loss. */
export function encodeSource(text: string, source: SourceText): Uint8Array | null {
  if (source.faults.length > 0) return null;
  const bytes = encode(text, source);
  return bytes !== null && decodeSource(bytes).text === text ? bytes : null;
}

/** Node writes Unicode and Latin-1 only. */
function encode(text: string, { encoding, hasByteOrderMark }: SourceText): Uint8Array | null {
  if (encoding === "utf-8") return Buffer.from(hasByteOrderMark ? `\ufeff${text}` : text, "utf8");
  return encoding === "iso-8859-1" ? Buffer.from(text, "latin1") : null;
}
