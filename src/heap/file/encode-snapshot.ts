// A snapshot as a sequence of blocks, ready to be compressed and framed. Takes one block of memory at a time from the
// caller and never holds more than that, whatever the size of the snapshot.

import { invariant } from "../../base/invariant.ts";
import type { Snapshot } from "../snapshot.ts";
import { COLUMN_SECTIONS, type ColumnSection } from "./column-sections.ts";
import { type FileHeader, SECTION_IDS } from "./format.ts";
import { MAX_LINE_BYTES } from "./json-lines.ts";
import { ROW_SECTIONS, type RowSectionName } from "./row-sections.ts";
import { addToTotals, encodeTotals, type SectionTotal } from "./section-totals.ts";
import { ByteWriter } from "./varint.ts";

export interface RawBlock {
  readonly section: number;
  /** Rows that end in this block. */
  readonly rows: number;
  /** A view of the memory that `takeBuffer` gave. */
  readonly bytes: Uint8Array;
}

/** Memory for the next block, MAX_BLOCK_BYTES or less; its content is overwritten. */
export type TakeBuffer = () => Uint8Array;

export function headerOf(snapshot: Snapshot): FileHeader {
  return {
    values: snapshot.meta.values,
    nodes: snapshot.nodes.count,
    edges: snapshot.refs.edgeTarget.length,
    excess: snapshot.excess.node.length,
    texts: snapshot.texts.node.length,
    textBytes: snapshot.texts.utf8.length,
  };
}

/** All blocks of a file in order, the footer last. A section without rows has no block. */
export function* encodeSnapshot(snapshot: Snapshot, takeBuffer: TakeBuffer): Generator<RawBlock, void, undefined> {
  const totals = new Map<number, SectionTotal>();
  for (const block of contentBlocks(snapshot, takeBuffer)) {
    addToTotals(totals, block.section, block.rows, block.bytes.length);
    yield block;
  }
  yield { section: SECTION_IDS.end, rows: 0, bytes: encodeTotals(totals.values()) };
}

function* contentBlocks(snapshot: Snapshot, takeBuffer: TakeBuffer): Generator<RawBlock, void, undefined> {
  for (const name of Object.keys(ROW_SECTIONS) as RowSectionName[])
    yield* rowBlocks(name, linesOf(name, snapshot), takeBuffer);
  const header = headerOf(snapshot);
  for (const section of COLUMN_SECTIONS) yield* columnBlocks(section, snapshot, section.rows(header), takeBuffer);
}

function* columnBlocks(
  section: ColumnSection,
  snapshot: Snapshot,
  total: number,
  takeBuffer: TakeBuffer,
): Generator<RawBlock, void, undefined> {
  for (let row = 0; row < total; ) {
    const out = new ByteWriter(takeBuffer());
    const next = section.encode(snapshot, row, out);
    yield { section: SECTION_IDS[section.name], rows: next - row, bytes: out.written };
    row = next;
  }
}

function* linesOf<Name extends RowSectionName>(name: Name, snapshot: Snapshot): Generator<Uint8Array, void, undefined> {
  const { rows, toLine } = ROW_SECTIONS[name];
  const encoder = new TextEncoder();
  for (const row of rows(snapshot)) {
    const line = encoder.encode(`${JSON.stringify(toLine(row))}\n`);
    invariant(line.length <= MAX_LINE_BYTES, `a row of ${name} is longer than a reader accepts`);
    yield line;
  }
}

function* rowBlocks(
  name: RowSectionName,
  lines: Iterable<Uint8Array>,
  takeBuffer: TakeBuffer,
): Generator<RawBlock, void, undefined> {
  const section = SECTION_IDS[name];
  let out: ByteWriter | null = null;
  let rows = 0;
  for (const line of lines) {
    for (let done = 0; done < line.length; ) {
      out ??= new ByteWriter(takeBuffer());
      done += out.copy(done === 0 ? line : line.subarray(done));
      if (done === line.length) rows++;
      if (out.room > 0) continue;
      yield { section, rows, bytes: out.written };
      out = null;
      rows = 0;
    }
  }
  if (out !== null) yield { section, rows, bytes: out.written };
}
