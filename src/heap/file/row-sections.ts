// The small tables of a snapshot - a few thousand rows each - as lines of JSON: one row, one line, in its own words, so
// that a reader in any language gets them with the tools it has. Columns over nodes are elsewhere.

import type { NodeIx, TypeIx } from "../../base/brand.ts";
import {
  ROOT_TIERS,
  type CodeRow,
  type FrameRow,
  type LruCacheRow,
  type NodeShape,
  type NodeTable,
  type Root,
  type InterpreterNamespace,
  type InterpreterOrigin,
  type RootOrigin,
  type Snapshot,
  type TypeRole,
  type TypeRow,
} from "../snapshot.ts";
import type { CollectorFacts, GenerationFacts, MemoryFacts, SnapshotMeta } from "../../model/snapshot-meta.ts";
import {
  aBoolean,
  aNumber,
  aString,
  anIndex,
  anInteger,
  listOf,
  objectOf,
  oneOf,
  orMissing,
  orNull,
  pairOf,
  type Parse,
} from "./json-shape.ts";

/** A thread as it stands in the file: its frames are rows of their own, the first `frames` not yet taken. */
export interface ThreadLine {
  readonly name: string;
  readonly ident: string;
  readonly frames: number;
}

/** A type as it stands in the file: the map of fields as pairs. */
interface TypeLine extends Omit<TypeRow, "fields"> {
  readonly fields: readonly (readonly [number, string])[];
}

type HighWord = NodeTable["addressHigh"][number];

/** Rows of each section as they stand in the file. */
export interface SectionRows {
  readonly meta: SnapshotMeta;
  readonly types: TypeRow;
  readonly roots: Root;
  readonly threads: ThreadLine;
  readonly frames: FrameRow;
  readonly codes: CodeRow;
  readonly lruCaches: LruCacheRow;
  readonly addressHigh: HighWord;
}
export type RowSectionName = keyof SectionRows;

interface RowSection<Row> {
  readonly rows: (snapshot: Snapshot) => Iterable<Row>;
  /** The JSON value of a row. */
  readonly toLine: (row: Row) => unknown;
  readonly parse: Parse<Row>;
}

const asIs = (row: unknown): unknown => row;

const SHAPES: readonly NodeShape[] = ["fields", "sequence", "mapping", "set"];
const ROLES: Readonly<Record<TypeRole, true>> = {
  plain: true,
  module: true,
  type: true,
  function: true,
  method: true,
  code: true,
  cell: true,
  frame: true,
  generator: true,
  coroutine: true,
  dict: true,
  list: true,
  tuple: true,
  set: true,
  deque: true,
  str: true,
  bytes: true,
  int: true,
  float: true,
  "lru-cache": true,
  "lru-link": true,
  weakref: true,
  exception: true,
  traceback: true,
  ndarray: true,
  none: true,
  property: true,
  mappingproxy: true,
  "thread-local": true,
  context: true,
  "context-values": true,
};

/** A role that a newer writer knows and we do not is plain to us: it only makes paths read less well. */
const aRole: Parse<TypeRole> = (value) => {
  if (typeof value !== "string") return undefined;
  return Object.hasOwn(ROLES, value) ? (value as TypeRole) : "plain";
};

const generation: Parse<GenerationFacts> = objectOf<GenerationFacts>({
  objects: aNumber,
  threshold: aNumber,
  count: aNumber,
  collections: aNumber,
  collected: aNumber,
  uncollectable: aNumber,
});
const collector: Parse<CollectorFacts> = objectOf<CollectorFacts>({
  enabled: aBoolean,
  collecting: aBoolean,
  generations: listOf(generation),
  permanentObjects: aNumber,
});
const memory: Parse<MemoryFacts> = objectOf<MemoryFacts>({
  rssBytes: orNull(aNumber),
  sharedBytes: orNull(aNumber),
  swapBytes: orNull(aNumber),
});
const meta: Parse<SnapshotMeta> = objectOf<SnapshotMeta>({
  source: oneOf(["live", "core", "inside", "imported"]),
  takenAtMs: aNumber,
  pid: orNull(aNumber),
  processStartTicks: orMissing(orNull(aNumber), null),
  command: listOf(aString),
  python: aString,
  executable: aString,
  liveBytes: aNumber,
  copiedBytes: aNumber,
  pauseMs: orNull(aNumber),
  exactness: orNull(aNumber),
  unreadableReferences: aNumber,
  threads: aNumber,
  collector,
  memory,
  values: aBoolean,
  warnings: listOf(aString),
});

const typeLine: Parse<TypeLine> = objectOf<TypeLine>({
  canonical: anIndex<TypeIx>,
  name: aString,
  module: aString,
  base: anInteger,
  node: anIndex<NodeIx>,
  shape: oneOf(SHAPES),
  role: aRole,
  attributes: listOf(aString),
  fields: listOf(pairOf(anIndex, aString)),
});

/** Files say nothing of a name that is not there: those of earlier versions do not either. */
function withoutNoPart({ origin, ...root }: Root): object {
  if (origin.kind !== "interpreter" || origin.part !== null) return { ...root, origin };
  return { ...root, origin: { kind: origin.kind, offset: origin.offset } };
}

/** Without a number it is the main interpreter's. */
function ofInterpreter<Kind extends InterpreterNamespace>(kind: Kind): Parse<InterpreterOrigin<Kind>> {
  return (value) => {
    const found = objectOf<{ readonly kind: Kind }>({ kind: oneOf([kind]) })(value);
    const interpreter = objectOf({ interpreter: anIndex })(value)?.interpreter;
    return found && (interpreter === undefined ? found : { ...found, interpreter });
  };
}

const ORIGINS: { readonly [Kind in RootOrigin["kind"]]: Parse<Extract<RootOrigin, { kind: Kind }>> } = {
  "sys.modules": ofInterpreter("sys.modules"),
  "sys.__dict__": ofInterpreter("sys.__dict__"),
  "builtins.__dict__": ofInterpreter("builtins.__dict__"),
  "frame-local": objectOf({ kind: oneOf(["frame-local"]), thread: anIndex, frame: anIndex, name: aString }),
  frame: objectOf({
    kind: oneOf(["frame"]),
    thread: anIndex,
    frame: anIndex,
    part: oneOf(["code", "function", "locals", "object", "stack"]),
  }),
  thread: objectOf({ kind: oneOf(["thread"]), thread: anIndex, part: aString }),
  "static-type": objectOf({ kind: oneOf(["static-type"]) }),
  interpreter: (value) => {
    const word = objectOf({ kind: oneOf(["interpreter"]), offset: anInteger })(value);
    // Most words of the interpreter's state are no part that has a name.
    return word && { ...word, part: objectOf({ part: aString })(value)?.part ?? null };
  },
  "exit-callback": objectOf({
    kind: oneOf(["exit-callback"]),
    index: anIndex,
    part: oneOf(["function", "args", "kwargs"]),
  }),
  native: objectOf({ kind: oneOf(["native"]) }),
};

const origin: Parse<RootOrigin> = (value) => {
  const kind = objectOf<{ readonly kind: string }>({ kind: aString })(value)?.kind;
  return kind !== undefined && Object.hasOwn(ORIGINS, kind) ? ORIGINS[kind as RootOrigin["kind"]](value) : undefined;
};

/** How each small table is written and read. */
export const ROW_SECTIONS: { readonly [Name in RowSectionName]: RowSection<SectionRows[Name]> } = {
  // Its fields in the reader's order: a snapshot that was read gives the same bytes as the one that was written.
  meta: { rows: (snapshot) => [snapshot.meta], toLine: (row) => meta(row) ?? row, parse: meta },
  types: {
    rows: (snapshot) => snapshot.types,
    toLine: (row) => ({ ...row, fields: [...row.fields] }),
    parse: (value) => {
      const line = typeLine(value);
      return line && { ...line, fields: new Map(line.fields) };
    },
  },
  roots: {
    rows: (snapshot) => snapshot.roots,
    toLine: withoutNoPart,
    parse: objectOf<Root>({ node: anIndex<NodeIx>, tier: oneOf(ROOT_TIERS), origin }),
  },
  threads: {
    rows: (snapshot) => snapshot.threads.map(({ name, ident, frames }) => ({ name, ident, frames: frames.length })),
    toLine: asIs,
    parse: objectOf<ThreadLine>({ name: aString, ident: aString, frames: anIndex }),
  },
  frames: {
    rows: (snapshot) => snapshot.threads.flatMap((thread) => thread.frames),
    toLine: asIs,
    parse: objectOf<FrameRow>({ code: anIndex<NodeIx>, function: aString, file: aString, line: anInteger }),
  },
  codes: {
    rows: (snapshot) => snapshot.codes,
    toLine: asIs,
    parse: objectOf<CodeRow>({
      node: anIndex<NodeIx>,
      qualname: aString,
      file: aString,
      firstLine: anInteger,
      freeVariables: listOf(aString),
      parameters: listOf(aString),
    }),
  },
  lruCaches: {
    rows: (snapshot) => snapshot.lruCaches,
    toLine: asIs,
    parse: objectOf<LruCacheRow>({
      node: anIndex<NodeIx>,
      hits: anInteger,
      misses: anInteger,
      maxsize: orNull(anInteger),
      entries: anInteger,
    }),
  },
  addressHigh: {
    rows: (snapshot) => snapshot.nodes.addressHigh,
    toLine: asIs,
    parse: objectOf<HighWord>({ firstNode: anIndex, high: anIndex }),
  },
};
