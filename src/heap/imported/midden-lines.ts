// midden's dump: one object per line of JSON, `{"id", "type", "references", "size", "value"?}` (midden/dump/dump_heap.py,
// 0.2.0). Dicts list key, value, key, value; lists, tuples and sets their elements; all else what gc.get_referents says.

import { POSITIONAL_LABEL, UNNAMED_LABEL } from "../snapshot.ts";
import { aNumber, aString, objectOf, orMissing, type Parse } from "../file/json-shape.ts";
import { ImportedTypes, splitTypeName, typeFacts } from "./imported-types.ts";
import type { ImportedDump } from "./imported-snapshot.ts";
import { ObjectTable } from "./object-table.ts";

/** A line that is longer is none that we read: a list of ten million elements has about 160 MiB. */
export const MOST_LINE_BYTES: number = 256 << 20;

const LINE_FEED = 0x0a;
const WARNINGS = [
  "Read from a dump of midden, which has no reference counts: what nothing in the file refers to is shown as held from outside, garbage among it, and locals of frames too.",
  "Sizes are what sys.getsizeof said in the process; from Python 3.11 on the attributes of an instance are not in it and have no names.",
];

interface MiddenLine {
  readonly id: number;
  readonly type: string;
  readonly references: readonly number[];
  readonly size: number;
  readonly value: string;
}

const anAddress: Parse<number> = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
/** Checked without making another array: a list may have millions. */
const addresses: Parse<readonly number[]> = (value) =>
  Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each > 0)
    ? (value as number[])
    : undefined;
const parseLine: Parse<MiddenLine> = objectOf<MiddenLine>({
  id: anAddress,
  type: aString,
  references: addresses,
  size: aNumber,
  value: orMissing(aString, ""),
});

/** True when a file begins as a dump of midden. */
export function isMiddenDump(start: Uint8Array): boolean {
  return /^\{"id": ?\d+, ?"type": ?"/.test(new TextDecoder().decode(start.subarray(0, 64)));
}

/** Takes the file in pieces of any length. */
export class MiddenReader {
  readonly #table = new ObjectTable();
  readonly #types = new ImportedTypes();
  readonly #decoder = new TextDecoder();
  #begun: Uint8Array[] = [];
  #begunBytes = 0;
  #line = 0;

  /** Null, or what is wrong, as the end of a sentence "... is damaged: ". The bytes are not kept. */
  accept(bytes: Uint8Array): string | null {
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      const fault = this.#acceptLine(this.#completed(bytes.subarray(from, end)));
      if (fault !== null) return fault;
      from = end + 1;
    }
    this.#begun.push(bytes.slice(from));
    this.#begunBytes += bytes.length - from;
    return this.#begunBytes > MOST_LINE_BYTES
      ? `line ${this.#line + 1} is longer than ${MOST_LINE_BYTES >> 20} MiB`
      : null;
  }

  /** True when the last line was complete. */
  get isComplete(): boolean {
    return this.#begunBytes === 0;
  }

  dump(fileBytes: number, takenAtMs: number): ImportedDump {
    for (const [key, row] of this.#types.keys()) {
      const { module, name } = splitTypeName(String(key), () => false);
      this.#types.rename(row, module, name);
    }
    return {
      table: this.#table,
      types: this.#types,
      fileBytes,
      takenAtMs,
      threads: [],
      locals: [],
      warnings: WARNINGS,
      typeAddresses: new Map(),
      leftOut: "dump_heap",
    };
  }

  #completed(end: Uint8Array): string {
    if (this.#begunBytes === 0) return this.#decoder.decode(end);
    const whole = new Uint8Array(this.#begunBytes + end.length);
    let at = 0;
    for (const piece of [...this.#begun, end]) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#begun = [];
    this.#begunBytes = 0;
    return this.#decoder.decode(whole);
  }

  #acceptLine(text: string): string | null {
    this.#line += 1;
    if (text.trim() === "") return null;
    const line = parseLine(parseJson(text));
    if (line === undefined) return `line ${this.#line} is no object of midden`;
    this.#table.beginObject(line.id, this.#types.rowOf(line.type), Math.max(0, line.size));
    const facts = typeFacts(line.type);
    const label = facts.shape === "fields" ? UNNAMED_LABEL : POSITIONAL_LABEL;
    for (const target of line.references) this.#table.addTarget(target, label);
    if (line.value !== "" && facts.role !== "plain") this.#table.addText(line.value);
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
