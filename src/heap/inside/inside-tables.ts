// The small tables of a heap stream, as they come: rows of JSON that speak of objects by their addresses.

import {
  aBoolean,
  aNumber,
  aString,
  anIndex,
  anInteger,
  listOf,
  objectOf,
  orMissing,
  orNull,
  type Parse,
} from "../file/json-shape.ts";

export interface InsideType {
  readonly type: number;
  readonly address: number;
  readonly name: string;
  readonly module: string;
  readonly base: number;
  readonly shape: string;
  readonly role: string;
}

export interface InsideRoot {
  readonly root: number;
  readonly tier: string;
  /** References to it that this root explains. */
  readonly counted: number;
  readonly origin: unknown;
}

export interface InsideThread {
  readonly thread: string;
  readonly name: string;
  readonly frames: readonly InsideFrame[];
}
interface InsideFrame {
  readonly code: number;
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

export interface InsideCode {
  readonly code: number;
  readonly qualname: string;
  readonly file: string;
  readonly firstLine: number;
  readonly freeVariables: readonly string[];
  readonly parameters: readonly string[];
}

export interface InsideCache {
  readonly lruCache: number;
  readonly hits: number;
  readonly misses: number;
  readonly maxsize: number | null;
  readonly entries: number;
}

interface InsideCollector {
  readonly enabled: boolean;
  readonly counts: readonly number[];
  readonly thresholds: readonly number[];
  readonly generations: readonly {
    readonly collections: number;
    readonly collected: number;
    readonly uncollectable: number;
  }[];
  readonly frozen: number;
}

/** What the writer says at the end. */
export interface InsideSummary {
  readonly takenAtMs: number;
  readonly pid: number;
  readonly startTicks: number | null;
  readonly command: readonly string[];
  readonly executable: string;
  readonly python: string;
  readonly implementation: string;
  readonly values: boolean;
  readonly residentBytes: number | null;
  readonly collector: InsideCollector;
  /** Objects on the lists of the collector, youngest first. */
  readonly generations: readonly number[];
  /** Objects that `gc.freeze` keeps from the lists, and that are missing for that reason. */
  readonly frozen: number;
  readonly tracked: number;
  readonly nodes: number;
  readonly edges: number;
  /** How much too large each reference count is. */
  readonly countedByUs: number;
}

/** The last block: how it was done. */
export interface InsideEnd {
  readonly forked: boolean;
  readonly pauseMs: number | null;
}

export const parseEnd: Parse<InsideEnd> = objectOf<InsideEnd>({ forked: aBoolean, pauseMs: orNull(aNumber) });

const parseType: Parse<InsideType> = objectOf<InsideType>({
  type: anIndex,
  address: aNumber,
  name: aString,
  module: aString,
  base: anInteger,
  shape: aString,
  role: aString,
});
const parseShape = objectOf({ shape: anIndex, labels: listOf(anIndex) });
const parseField = objectOf({ field: aString, type: anIndex, label: anIndex });
const parseRoot: Parse<InsideRoot> = objectOf<InsideRoot>({
  root: aNumber,
  tier: aString,
  counted: anInteger,
  origin: (value) => value,
});
const parseThread: Parse<InsideThread> = objectOf<InsideThread>({
  thread: aString,
  name: aString,
  frames: listOf(objectOf<InsideFrame>({ code: aNumber, function: aString, file: aString, line: anInteger })),
});
const parseCode: Parse<InsideCode> = objectOf<InsideCode>({
  code: aNumber,
  qualname: aString,
  file: aString,
  firstLine: anInteger,
  freeVariables: listOf(aString),
  parameters: listOf(aString),
});
const parseQualname = objectOf({ code: aNumber, qualname: aString });
const parseCache: Parse<InsideCache> = objectOf<InsideCache>({
  lruCache: aNumber,
  hits: anInteger,
  misses: anInteger,
  maxsize: orNull(anInteger),
  entries: anInteger,
});
const parseSummary: Parse<{ readonly summary: InsideSummary }> = objectOf<{ readonly summary: InsideSummary }>({
  summary: objectOf<InsideSummary>({
    takenAtMs: aNumber,
    pid: anIndex,
    startTicks: orNull(aNumber),
    command: listOf(aString),
    executable: aString,
    python: aString,
    implementation: aString,
    values: aBoolean,
    residentBytes: orNull(aNumber),
    collector: objectOf<InsideCollector>({
      enabled: aBoolean,
      counts: listOf(aNumber),
      thresholds: listOf(aNumber),
      generations: listOf(objectOf({ collections: aNumber, collected: aNumber, uncollectable: aNumber })),
      frozen: orMissing(aNumber, 0),
    }),
    generations: listOf(aNumber),
    frozen: aNumber,
    tracked: anIndex,
    nodes: anIndex,
    edges: anIndex,
    countedByUs: anIndex,
  }),
});

export class InsideTables {
  readonly types: InsideType[] = [];
  readonly roots: InsideRoot[] = [];
  readonly threads: InsideThread[] = [];
  readonly caches: InsideCache[] = [];
  readonly codes: Map<number, InsideCode> = new Map();
  readonly qualnames: Map<number, string> = new Map();
  /** Labels of the last references of an object, by the number of its shape. */
  readonly shapes: Map<number, readonly number[]> = new Map([[0, []]]);
  /** Names by label, by type. */
  readonly fields: Map<number, Map<number, string>> = new Map();
  summary: InsideSummary | null = null;

  /** Takes one row; false when it is none that a writer of this version writes. */
  accept(row: unknown): boolean {
    return (
      this.#take(parseField(row), ({ field, type, label }) => this.#fieldsOf(type).set(label, field)) ||
      this.#take(parseType(row), (type) => this.types.push(type)) ||
      this.#take(parseShape(row), ({ shape, labels }) => this.shapes.set(shape, labels)) ||
      this.#take(parseRoot(row), (root) => this.roots.push(root)) ||
      this.#take(parseCode(row), (code) => this.codes.set(code.code, code)) ||
      this.#take(parseQualname(row), ({ code, qualname }) => this.qualnames.set(code, qualname)) ||
      this.#take(parseCache(row), (cache) => this.caches.push(cache)) ||
      this.#take(parseThread(row), (thread) => this.threads.push(thread)) ||
      this.#take(parseSummary(row), ({ summary }) => (this.summary = summary))
    );
  }

  #take<Row>(row: Row | undefined, keep: (row: Row) => unknown): boolean {
    if (row === undefined) return false;
    keep(row);
    return true;
  }

  #fieldsOf(type: number): Map<number, string> {
    const known = this.fields.get(type) ?? new Map<number, string>();
    this.fields.set(type, known);
    return known;
  }
}
