// A small snapshot written down as a literal, column values in plain sight; any sound one: any-snapshot.ts.
//
//   buildSnapshot({ types: ["?", "dict", "app.User"], nodes: [{}, { type: 1, refs: [2] }, { type: 2, bytes: 96 }] })
//
// Row 0 is the placeholder for what could not be read: an empty literal `{}`. Everything left out has a harmless value.
// To describe a Python heap by its names, use snapshot-language.ts.

import type { NodeIx, TypeIx } from "../../src/base/brand.ts";
import type {
  CodeRow,
  LruCacheRow,
  NodeTable,
  Root,
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
  processStartTicks: null,
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
