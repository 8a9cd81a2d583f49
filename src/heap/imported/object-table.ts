// What a heap dump of another tool says of its objects, in the order of the file. The file is read once: rows and references
// lie in flat columns by address until all addresses are known.

import { UNNAMED_LABEL } from "../snapshot.ts";
import { GrowingColumn } from "./growing-columns.ts";

const encoder = new TextEncoder();
/** Characters kept of a text, as of texts that we read ourselves. */
const TEXT_LIMIT = 200;
/** What becomes of a reference whose place has no name. */
const UNNAMED: number = UNNAMED_LABEL;

/** Rows are added with `beginObject`, then each reference with `addTarget`. Types are numbers that the reader gives out. */
export class ObjectTable {
  readonly address: GrowingColumn<Float64Array> = new GrowingColumn(Float64Array);
  readonly type: GrowingColumn<Uint32Array> = new GrowingColumn(Uint32Array);
  readonly bytes: GrowingColumn<Float64Array> = new GrowingColumn(Float64Array);
  /** Row by row, where its references begin. */
  readonly firstTarget: GrowingColumn<Float64Array> = new GrowingColumn(Float64Array);
  readonly target: GrowingColumn<Float64Array> = new GrowingColumn(Float64Array);
  readonly label: GrowingColumn<Uint16Array> = new GrowingColumn(Uint16Array);
  /** Rows that have a text, ascending, with where it begins; the last one ends with `utf8`. */
  readonly textRow: GrowingColumn<Uint32Array> = new GrowingColumn(Uint32Array);
  readonly textStart: GrowingColumn<Float64Array> = new GrowingColumn(Float64Array);
  readonly utf8: GrowingColumn<Uint8Array> = new GrowingColumn(Uint8Array);

  /** `bytes`: its own size. */
  beginObject(address: number, type: number, bytes: number): void {
    this.address.push(address);
    this.type.push(type);
    this.bytes.push(bytes);
    this.firstTarget.push(this.target.length);
  }

  addTarget(address: number, label: number): void {
    this.target.push(address);
    this.label.push(label);
  }

  /** Gives the reference `edge` a name, unless it has one. */
  nameTarget(edge: number, label: number): void {
    if (this.label.at(edge) === UNNAMED) this.label.set(edge, label);
  }

  /** The text of the object that was begun last. */
  addText(text: string): void {
    this.textRow.push(this.address.length - 1);
    this.textStart.push(this.utf8.length);
    this.utf8.append(encoder.encode(text.slice(0, TEXT_LIMIT)));
  }
}
