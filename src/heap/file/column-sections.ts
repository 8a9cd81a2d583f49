// The table of column sections: what a writer does and what a reader does for each, in the order of the file.

import type { Snapshot } from "../snapshot.ts";
import type { Columns } from "./columns.ts";
import { decodeLabels, decodeTargets, encodeLabels, encodeTargets } from "./edge-columns.ts";
import type { FileHeader, SectionName } from "./format.ts";
import {
  decodeAddresses,
  decodeDegrees,
  decodeSizes,
  decodeTypes,
  encodeAddresses,
  encodeDegrees,
  encodeSizes,
  encodeTypes,
} from "./node-columns.ts";
import {
  decodeExcess,
  decodeTextBytes,
  decodeTexts,
  encodeExcess,
  encodeTextBytes,
  encodeTexts,
} from "./sparse-columns.ts";
import type { ByteReader, ByteWriter } from "./varint.ts";

export interface ColumnSection {
  readonly name: SectionName;
  readonly rows: (header: FileHeader) => number;
  /** Writes rows from `from` on until the block is full; returns the next row. */
  readonly encode: (snapshot: Snapshot, from: number, out: ByteWriter) => number;
  /** Reads a block whose first row is `from`; returns the next row. */
  readonly decode: (columns: Columns, from: number, input: ByteReader) => number;
}

const nodes = (header: FileHeader): number => header.nodes;
const edges = (header: FileHeader): number => header.edges;

/** `outDegree` stands before the edge columns: reading edges needs to know whose they are. */
export const COLUMN_SECTIONS: readonly ColumnSection[] = [
  { name: "addressLow", rows: nodes, encode: encodeAddresses, decode: decodeAddresses },
  { name: "nodeType", rows: nodes, encode: encodeTypes, decode: decodeTypes },
  { name: "shallowBytes", rows: nodes, encode: encodeSizes, decode: decodeSizes },
  { name: "outDegree", rows: nodes, encode: encodeDegrees, decode: decodeDegrees },
  { name: "edgeTarget", rows: edges, encode: encodeTargets, decode: decodeTargets },
  { name: "edgeLabel", rows: edges, encode: encodeLabels, decode: decodeLabels },
  { name: "excess", rows: (header) => header.excess, encode: encodeExcess, decode: decodeExcess },
  { name: "texts", rows: (header) => header.texts, encode: encodeTexts, decode: decodeTexts },
  { name: "textBytes", rows: (header) => header.textBytes, encode: encodeTextBytes, decode: decodeTextBytes },
];
