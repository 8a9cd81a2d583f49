// The last block of a file: what every section should have added up to. Its absence means the file was cut off.

import { HIGH_WORD } from "../../base/uint32.ts";
import { SECTION_IDS } from "./format.ts";

export interface SectionTotal {
  readonly section: number;
  readonly blocks: number;
  readonly rows: number;
  readonly rawBytes: number;
}

const RECORD_BYTES = 24;

/** Adds a block to the totals of its section; sections keep the order in which they first came. */
export function addToTotals(totals: Map<number, SectionTotal>, section: number, rows: number, rawBytes: number): void {
  const before = totals.get(section) ?? { section, blocks: 0, rows: 0, rawBytes: 0 };
  totals.set(section, {
    section,
    blocks: before.blocks + 1,
    rows: before.rows + rows,
    rawBytes: before.rawBytes + rawBytes,
  });
}

export function encodeTotals(totals: Iterable<SectionTotal>): Uint8Array {
  const records = [...totals];
  const bytes = new Uint8Array(records.length * RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  records.forEach(({ section, blocks, rows, rawBytes }, index) => {
    const at = index * RECORD_BYTES;
    view.setUint32(at, section, true);
    view.setUint32(at + 4, blocks, true);
    setWide(view, at + 8, rows);
    setWide(view, at + 16, rawBytes);
  });
  return bytes;
}

/** What differs between what the file says it holds and what was read from it, or null. Rows of unknown sections are not compared. */
export function totalsFault(footer: Uint8Array, seen: ReadonlyMap<number, SectionTotal>): string | null {
  if (footer.length !== seen.size * RECORD_BYTES) return "its footer lists other sections than the file has";
  const view = new DataView(footer.buffer, footer.byteOffset, footer.byteLength);
  const known = new Set<number>(Object.values(SECTION_IDS));
  for (let at = 0; at < footer.length; at += RECORD_BYTES) {
    const section = view.getUint32(at, true);
    const total = seen.get(section);
    const isEqual =
      total !== undefined && view.getUint32(at + 4, true) === total.blocks && wideAt(view, at + 16) === total.rawBytes;
    if (!isEqual || (known.has(section) && wideAt(view, at + 8) !== total.rows))
      return `its footer announces more or less of section ${section} than the file has`;
  }
  return null;
}

function setWide(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % HIGH_WORD, true);
  view.setUint32(at + 4, Math.floor(value / HIGH_WORD), true);
}

function wideAt(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * HIGH_WORD;
}
