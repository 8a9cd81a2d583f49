// Blocks back into a snapshot. Columns are allocated once and filled in place; every block is either taken whole or
// refused with a reason. The result has passed `snapshotFault`: later code may rely on all it promises.

import { fail, ok, type Result } from "../../base/result.ts";
import type { Snapshot, ThreadRow } from "../snapshot.ts";
import { COLUMN_SECTIONS, type ColumnSection } from "./column-sections.ts";
import { allocateColumns, type Columns } from "./columns.ts";
import { type FileHeader, SECTION_IDS } from "./format.ts";
import { LineReader } from "./json-lines.ts";
import { ROW_SECTIONS, type RowSectionName, type SectionRows } from "./row-sections.ts";
import { addToTotals, type SectionTotal, totalsFault } from "./section-totals.ts";
import { snapshotFault } from "./snapshot-fault.ts";
import { ByteReader } from "./varint.ts";

type RowReaders = { readonly [Name in RowSectionName]: LineReader<SectionRows[Name]> };

interface ColumnProgress {
  readonly section: ColumnSection;
  readonly total: number;
  row: number;
}

/** Takes the blocks of one file in order. */
export class SnapshotDecoder {
  readonly #columns: Columns;
  readonly #rows: RowReaders;
  readonly #rowReaderOf: ReadonlyMap<number, LineReader<unknown>>;
  readonly #columnOf: ReadonlyMap<number, ColumnProgress>;
  readonly #values: boolean;
  readonly #totals = new Map<number, SectionTotal>();
  #lastKnownSection = 0;
  #footer: Uint8Array | null = null;

  /** Allocates all columns; throws a RangeError when there is no room for them. */
  constructor(header: FileHeader) {
    this.#values = header.values;
    this.#columns = allocateColumns(header);
    this.#rows = rowReaders();
    this.#rowReaderOf = new Map(
      (Object.keys(ROW_SECTIONS) as RowSectionName[]).map((name) => [SECTION_IDS[name], this.#rows[name]]),
    );
    this.#columnOf = new Map(
      COLUMN_SECTIONS.map((section) => [SECTION_IDS[section.name], { section, total: section.rows(header), row: 0 }]),
    );
  }

  /** True once the footer was taken: nothing may follow it. */
  get isComplete(): boolean {
    return this.#footer !== null;
  }

  /** Takes the next block, of a known section or not; returns what is wrong with it, or null. The bytes are not kept. */
  accept(section: number, bytes: Uint8Array): string | null {
    if (section === SECTION_IDS.end) {
      this.#footer = new Uint8Array(bytes);
      return null;
    }
    const reader = this.#rowReaderOf.get(section);
    const column = this.#columnOf.get(section);
    if (reader === undefined && column === undefined) {
      addToTotals(this.#totals, section, 0, bytes.length);
      return null;
    }
    if (section < this.#lastKnownSection) return `section ${section} comes after section ${this.#lastKnownSection}`;
    this.#lastKnownSection = section;
    return reader === undefined
      ? this.#acceptColumn(section, column!, bytes)
      : this.#acceptRows(section, reader, bytes);
  }

  #acceptRows(section: number, reader: LineReader<unknown>, bytes: Uint8Array): string | null {
    const before = reader.rows.length;
    const fault = reader.accept(bytes);
    addToTotals(this.#totals, section, reader.rows.length - before, bytes.length);
    return fault === null ? null : `section ${section}: ${fault}`;
  }

  #acceptColumn(section: number, progress: ColumnProgress, bytes: Uint8Array): string | null {
    const input = new ByteReader(bytes);
    const next = progress.section.decode(this.#columns, progress.row, input);
    if (next > progress.total || input.position < input.length)
      return `section ${section} has more rows than announced`;
    if (input.position > input.length) return `section ${section}: a row crosses the end of its block`;
    addToTotals(this.#totals, section, next - progress.row, bytes.length);
    progress.row = next;
    return null;
  }

  /** The snapshot, once the footer was taken. */
  finish(): Result<Snapshot, string> {
    if (this.#footer === null) return fail("it has no footer");
    const fault = totalsFault(this.#footer, this.#totals) ?? this.#missing();
    if (fault !== null) return fail(fault);
    const snapshot = this.#assemble();
    const unsound = snapshot === null ? "its threads and frames do not fit together" : snapshotFault(snapshot);
    return snapshot === null || unsound !== null ? fail(unsound ?? "") : ok(snapshot);
  }

  #missing(): string | null {
    for (const [section, { row, total }] of this.#columnOf)
      if (row !== total) return `section ${section} has ${row} rows of ${total}`;
    for (const [section, reader] of this.#rowReaderOf)
      if (!reader.isComplete) return `the last row of section ${section} is cut off`;
    const meta = this.#rows.meta.rows;
    if (meta.length !== 1) return `it has ${meta.length} descriptions of itself instead of one`;
    return meta[0]!.values === this.#values ? null : "its header and its description disagree about values";
  }

  #assemble(): Snapshot | null {
    const threads = threadsOf(this.#rows);
    if (threads === null) return null;
    const columns = this.#columns;
    const { addressHigh, codes, lruCaches, meta, roots, types } = this.#rows;
    const count = columns.type.length;
    return {
      meta: meta.rows[0]!,
      types: types.rows,
      nodes: {
        count,
        type: columns.type,
        shallowBytes: columns.shallowBytes,
        oversize: columns.oversize,
        addressLow: columns.addressLow,
        addressHigh: addressHigh.rows,
      },
      refs: { nodeCount: count, edgeStart: columns.edgeStart, edgeTarget: columns.edgeTarget },
      edgeLabel: columns.edgeLabel,
      excess: { node: columns.excessNode, excess: columns.excess },
      roots: roots.rows,
      threads,
      codes: codes.rows,
      lruCaches: lruCaches.rows,
      texts: { node: columns.textNode, start: columns.textStart, utf8: columns.textUtf8 },
    };
  }
}

function rowReaders(): RowReaders {
  const { meta, types, roots, threads, frames, codes, lruCaches, addressHigh } = ROW_SECTIONS;
  return {
    meta: new LineReader(meta.parse),
    types: new LineReader(types.parse),
    roots: new LineReader(roots.parse),
    threads: new LineReader(threads.parse),
    frames: new LineReader(frames.parse),
    codes: new LineReader(codes.parse),
    lruCaches: new LineReader(lruCaches.parse),
    addressHigh: new LineReader(addressHigh.parse),
  };
}

/** Gives each thread its frames; null when there are more or fewer frames than the threads say. */
function threadsOf({ threads, frames }: RowReaders): readonly ThreadRow[] | null {
  let next = 0;
  const rows = threads.rows.map((thread) => {
    const first = next;
    next += thread.frames;
    return { name: thread.name, ident: thread.ident, frames: frames.rows.slice(first, next) };
  });
  return next === frames.rows.length ? rows : null;
}
