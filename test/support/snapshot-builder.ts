// Small snapshots for tests: written down as a literal (`buildSnapshot`), or any sound one (`anySnapshot`).
//
//   buildSnapshot({ types: ["?", "dict", "app.User"], nodes: [{}, { type: 1, refs: [2] }, { type: 2, bytes: 96 }] })
//
// Row 0 is the placeholder for what could not be read: an empty literal `{}`. Everything left out has a harmless value.

import fc from "fast-check";
import type { NodeIx, TypeIx } from "../../src/base/brand.ts";
import { ATTRIBUTE_LABEL, FIRST_FIELD_LABEL, ROOT_TIERS } from "../../src/heap/snapshot.ts";
import type {
  CodeRow,
  LruCacheRow,
  NodeTable,
  Root,
  RootOrigin,
  Snapshot,
  TextTable,
  ThreadRow,
  TypeRow,
} from "../../src/heap/snapshot.ts";
import type { SnapshotMeta } from "../../src/model/snapshot-meta.ts";

/** A reference, by row of the target; a label where it matters. */
export type RefLiteral = number | { readonly to: number; readonly label: number };

export interface NodeLiteral {
  readonly type?: number;
  /** Any size; what does not fit 32 bits goes to `oversize` by itself. */
  readonly bytes?: number;
  /** Full address; by default 64 bytes after the row before. */
  readonly address?: number;
  readonly refs?: readonly RefLiteral[];
  /** References from outside the graph. */
  readonly excess?: number;
  readonly text?: string;
}

export interface SnapshotLiteral {
  readonly meta?: Partial<SnapshotMeta>;
  /** A dotted name, or as much of the row as matters. */
  readonly types?: readonly (string | Partial<TypeRow>)[];
  readonly nodes?: readonly NodeLiteral[];
  readonly roots?: readonly (number | Root)[];
  readonly threads?: readonly ThreadRow[];
  readonly codes?: readonly CodeRow[];
  readonly lruCaches?: readonly LruCacheRow[];
}

const FIRST_ADDRESS = 0x7f00_0000_0000;
const WORD = 2 ** 32;
const OVERSIZE = 0xffffffff;

const META: SnapshotMeta = {
  source: "live",
  takenAtMs: 1_700_000_000_000,
  pid: 42,
  command: ["python", "app.py"],
  python: "3.11.7",
  executable: "/usr/bin/python3.11",
  liveBytes: 0,
  copiedBytes: 0,
  pauseMs: 10,
  exactness: 0.99,
  unreadableReferences: 0,
  threads: 1,
  collector: { enabled: true, collecting: false, generations: [], permanentObjects: 0 },
  memory: { rssBytes: null, sharedBytes: null, swapBytes: null },
  values: false,
  warnings: [],
};

export function buildSnapshot(literal: SnapshotLiteral = {}): Snapshot {
  const nodes = literal.nodes ?? [{}];
  const refs = nodes.flatMap((node) => node.refs ?? []);
  return {
    meta: { ...META, ...literal.meta },
    types: (literal.types ?? ["?"]).map(typeRow),
    nodes: nodeTable(nodes),
    refs: {
      nodeCount: nodes.length,
      edgeStart: Uint32Array.from(startsOf(nodes.map((node) => node.refs?.length ?? 0))),
      edgeTarget: Uint32Array.from(refs, (ref) => (typeof ref === "number" ? ref : ref.to)),
    },
    edgeLabel: Uint16Array.from(refs, (ref) => (typeof ref === "number" ? 0 : ref.label)),
    excess: {
      node: rowsWith(nodes, (node) => (node.excess ?? 0) !== 0),
      excess: Int32Array.from(nodes.flatMap((node) => node.excess || [])),
    },
    roots: (literal.roots ?? []).map((root) =>
      typeof root === "number" ? { node: root as NodeIx, tier: "modules", origin: { kind: "sys.modules" } } : root,
    ),
    threads: literal.threads ?? [],
    codes: literal.codes ?? [],
    lruCaches: literal.lruCaches ?? [],
    texts: textTable(nodes),
  };
}

function typeRow(row: string | Partial<TypeRow>, index: number): TypeRow {
  const defaults = {
    canonical: index as TypeIx,
    name: "?",
    module: "builtins",
    base: -1,
    node: 0 as NodeIx,
    shape: "fields",
    role: "plain",
    attributes: [],
    fields: new Map(),
  } as const;
  if (typeof row !== "string") return { ...defaults, ...row };
  const dot = row.lastIndexOf(".");
  return { ...defaults, name: row.slice(dot + 1), ...(dot < 0 ? {} : { module: row.slice(0, dot) }) };
}

function nodeTable(nodes: readonly NodeLiteral[]): NodeTable {
  const addresses: number[] = [];
  for (const [row, node] of nodes.entries())
    addresses.push(node.address ?? (row === 0 ? 0 : Math.max(FIRST_ADDRESS, addresses[row - 1]! + 64)));
  const high = addresses.map((address) => Math.floor(address / WORD));
  return {
    count: nodes.length,
    type: Uint16Array.from(nodes, (node) => node.type ?? 0),
    shallowBytes: Uint32Array.from(nodes, (node) => Math.min(node.bytes ?? 0, OVERSIZE)),
    oversize: new Map(
      nodes.flatMap((node, row) => ((node.bytes ?? 0) >= OVERSIZE ? [[row, node.bytes ?? 0] as const] : [])),
    ),
    addressLow: Uint32Array.from(addresses, (address) => address % WORD),
    addressHigh: high.flatMap((word, row) => (word === high[row - 1] ? [] : [{ firstNode: row, high: word }])),
  };
}

function textTable(nodes: readonly NodeLiteral[]): TextTable {
  const encoder = new TextEncoder();
  const texts = nodes.flatMap((node) => (node.text === undefined ? [] : [encoder.encode(node.text)]));
  return {
    node: rowsWith(nodes, (node) => node.text !== undefined),
    start: Uint32Array.from(startsOf(texts.map((text) => text.length))),
    utf8: Uint8Array.from(texts.flatMap((text) => [...text])),
  };
}

function rowsWith(nodes: readonly NodeLiteral[], isWanted: (node: NodeLiteral) => boolean): Uint32Array {
  return Uint32Array.from(nodes.flatMap((node, row) => (isWanted(node) ? [row] : [])));
}

/** 0 and the running sum after each length. */
function startsOf(lengths: readonly number[]): number[] {
  const starts = [0];
  for (const length of lengths) starts.push(starts.at(-1)! + length);
  return starts;
}

// --- any sound snapshot

const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("", "REGISTRY", "app.sessions", "naïve", "名前", "🐍", "\u0000"),
);
const anyName: fc.Arbitrary<string> = fc.oneof(
  anyText,
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("a\nb", '"', "\ud800", "__proto__"),
);
const anyCount: fc.Arbitrary<number> = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(0, 2 ** 32, Number.MAX_SAFE_INTEGER),
);
const anyFigure: fc.Arbitrary<number> = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const anySize: fc.Arbitrary<number> = fc.oneof(
  fc.nat(600),
  fc.nat(),
  fc.constantFrom(0, 127, 128, OVERSIZE - 1, OVERSIZE, WORD, Number.MAX_SAFE_INTEGER),
);

const anyMeta: fc.Arbitrary<SnapshotMeta> = fc.record<SnapshotMeta>({
  source: fc.constantFrom("live", "core", "inside"),
  takenAtMs: anyCount,
  pid: fc.option(fc.nat()),
  command: fc.array(anyName, { maxLength: 3 }),
  python: fc.constantFrom("3.8.18", "3.11.7", "3.13.0"),
  executable: anyName,
  liveBytes: anyCount,
  copiedBytes: anyCount,
  pauseMs: fc.option(anyFigure),
  exactness: anyFigure,
  unreadableReferences: anyCount,
  threads: fc.nat(64),
  values: fc.boolean(),
  warnings: fc.array(anyName, { maxLength: 2 }),
  collector: fc.record({
    enabled: fc.boolean(),
    collecting: fc.boolean(),
    permanentObjects: anyCount,
    generations: fc.array(
      fc.record({
        objects: anyCount,
        threshold: fc.nat(),
        count: fc.integer(),
        collections: anyCount,
        collected: anyCount,
        uncollectable: anyCount,
      }),
      { maxLength: 3 },
    ),
  }),
  memory: fc.record({
    rssBytes: fc.option(anyCount),
    sharedBytes: fc.option(anyCount),
    swapBytes: fc.option(anyCount),
  }),
});

const TYPE_COUNT = 5;

function anyType(index: number, nodeCount: number): fc.Arbitrary<Partial<TypeRow>> {
  return fc.record({
    name: anyName,
    module: anyName,
    canonical: fc.constantFrom(index, index - (index % 2)).map((row) => row as TypeIx),
    base: fc.integer({ min: -1, max: index - 1 }),
    node: fc.nat(nodeCount - 1).map((row) => row as NodeIx),
    shape: fc.constantFrom("fields", "sequence", "mapping", "set"),
    role: fc.constantFrom("plain", "module", "lru-cache", "context"),
    attributes: fc.array(anyName, { minLength: 2, maxLength: 4 }),
    fields: fc.array(fc.tuple(fc.nat(0x7fff), anyName), { maxLength: 3 }).map((pairs) => new Map(pairs)),
  });
}

/** Canonical rows are canonical to themselves: odd rows may be variants of the even row before them. */
function anyTypes(nodeCount: number): fc.Arbitrary<readonly Partial<TypeRow>[]> {
  return fc.tuple(...Array.from({ length: TYPE_COUNT }, (_, index) => anyType(index, nodeCount)));
}

const anyLabel: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  fc.nat(4),
  fc.integer({ min: FIRST_FIELD_LABEL, max: 40 }),
  fc.constantFrom(0x7fff, ATTRIBUTE_LABEL, ATTRIBUTE_LABEL + 1),
);

function anyNode(nodeCount: number): fc.Arbitrary<NodeLiteral & { readonly step: number }> {
  return fc
    .record({
      type: fc.nat(TYPE_COUNT - 1),
      bytes: anySize,
      refs: fc.array(fc.record({ to: fc.nat(nodeCount - 1), label: anyLabel }), { maxLength: 6 }),
      excess: fc.oneof(fc.constant(0), fc.integer()),
      step: fc.oneof(
        fc.constantFrom(16, 48, 64, 1),
        fc.nat(2 ** 31).map((distance) => distance + 1),
        fc.constant(WORD),
      ),
    })
    .chain((node) =>
      fc.option(anyText, { freq: 2, nil: undefined }).map((text) => (text === undefined ? node : { ...node, text })),
    );
}

function withAddresses(nodes: readonly (NodeLiteral & { readonly step: number })[]): readonly NodeLiteral[] {
  let address = 0;
  return nodes.map(({ step, ...node }) => ({ ...node, address: (address += step) }));
}

function anyThreads(nodeCount: number): fc.Arbitrary<readonly ThreadRow[]> {
  const frame = fc.record({
    code: fc.nat(nodeCount - 1).map((row) => row as NodeIx),
    function: anyName,
    file: anyName,
    line: fc.integer(),
  });
  return fc.array(
    fc.record({
      name: anyName,
      ident: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
      frames: fc.array(frame, { maxLength: 3 }),
    }),
    { maxLength: 3 },
  );
}

function anyOrigin(threads: readonly ThreadRow[]): fc.Arbitrary<RootOrigin> {
  const places = threads.flatMap(({ frames }, thread) => frames.map((_, frame) => ({ thread, frame })));
  const origins: fc.Arbitrary<RootOrigin>[] = [
    fc.constantFrom<RootOrigin>(
      { kind: "sys.modules" },
      { kind: "sys.__dict__" },
      { kind: "builtins.__dict__" },
      { kind: "static-type" },
      { kind: "native" },
    ),
    fc.record({ kind: fc.constant("interpreter" as const), offset: fc.nat() }),
  ];
  if (threads.length > 0)
    origins.push(
      fc.record({ kind: fc.constant("thread" as const), thread: fc.nat(threads.length - 1), part: anyName }),
    );
  if (places.length > 0) {
    origins.push(
      fc
        .constantFrom(...places)
        .chain((place) => anyName.map((name) => ({ kind: "frame-local" as const, ...place, name }))),
    );
    origins.push(
      fc
        .constantFrom(...places)
        .chain((place) =>
          fc
            .constantFrom("code", "function", "locals", "object", "stack")
            .map((part) => ({ kind: "frame" as const, ...place, part })),
        ),
    );
  }
  return fc.oneof(...origins);
}

/** Any sound snapshot of up to `maxNodes` objects: all tables used, odd names, sizes and addresses included. */
export function anySnapshot(maxNodes = 24): fc.Arbitrary<Snapshot> {
  return fc.integer({ min: 1, max: maxNodes }).chain((nodeCount) => {
    const node = fc.nat(nodeCount - 1).map((row) => row as NodeIx);
    const tables = fc.record({
      meta: anyMeta,
      types: anyTypes(nodeCount),
      nodes: fc.array(anyNode(nodeCount), { minLength: nodeCount - 1, maxLength: nodeCount - 1 }),
      threads: anyThreads(nodeCount),
      codes: fc.array(
        fc.record({
          node,
          qualname: anyName,
          file: anyName,
          firstLine: fc.integer(),
          freeVariables: fc.array(anyName, { maxLength: 2 }),
        }),
        { maxLength: 3 },
      ),
      lruCaches: fc.array(
        fc.record({ node, hits: anyCount, misses: anyCount, maxsize: fc.option(anyCount), entries: anyCount }),
        { maxLength: 2 },
      ),
    });
    return tables.chain(({ nodes, threads, ...rest }) =>
      fc
        .array(fc.record({ node, tier: fc.constantFrom(...ROOT_TIERS), origin: anyOrigin(threads) }), { maxLength: 6 })
        .map((roots) => buildSnapshot({ ...rest, threads, roots, nodes: [{}, ...withAddresses(nodes)] })),
    );
  });
}
