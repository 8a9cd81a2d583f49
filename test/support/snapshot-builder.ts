// Builds real snapshot columns node by node. The small text language on top of it is in snapshot-language.ts.

import type { NodeIx, TypeIx } from "../../src/base/brand.ts";
import type { SnapshotMeta } from "../../src/model/snapshot-meta.ts";
import {
  ATTRIBUTE_LABEL,
  FIRST_FIELD_LABEL,
  type CodeRow,
  type FrameRow,
  type LruCacheRow,
  type NodeShape,
  type RootOrigin,
  type RootTier,
  type Snapshot,
  type ThreadRow,
  type TypeRole,
  type TypeRow,
} from "../../src/heap/snapshot.ts";

/** A node before rows are known: its position in the order of creation. */
export type Draft = number & { readonly draft: true };

interface DraftNode {
  readonly type: number;
  readonly address: number;
  readonly bytes: number;
  readonly edges: { readonly label: number; readonly to: Draft }[];
}
interface DraftType {
  readonly name: string;
  readonly module: string;
  readonly shape: NodeShape;
  readonly role: TypeRole;
  readonly canonical: number;
  readonly attributes: readonly string[];
  base: number;
  node: Draft | null;
}
interface DraftThread {
  readonly name: string;
  readonly frames: { readonly function: string; readonly code: Draft }[];
}

const SHAPES: Readonly<Record<string, NodeShape>> = {
  list: "sequence",
  tuple: "sequence",
  deque: "sequence",
  SimpleQueue: "sequence",
  dict: "mapping",
  OrderedDict: "mapping",
  set: "set",
  frozenset: "set",
};
const ROLES: Readonly<Record<string, TypeRole>> = {
  module: "module",
  type: "type",
  function: "function",
  method: "method",
  code: "code",
  cell: "cell",
  frame: "frame",
  generator: "generator",
  coroutine: "coroutine",
  dict: "dict",
  OrderedDict: "dict",
  list: "list",
  tuple: "tuple",
  set: "set",
  frozenset: "set",
  deque: "deque",
  str: "str",
  bytes: "bytes",
  int: "int",
  float: "float",
  _lru_cache_wrapper: "lru-cache",
  _lru_list_elem: "lru-link",
  traceback: "traceback",
  ndarray: "ndarray",
  _local: "thread-local",
};
const MODULES: Readonly<Record<string, string>> = {
  OrderedDict: "collections",
  deque: "collections",
  _lru_cache_wrapper: "functools",
  _lru_list_elem: "functools",
  _local: "_thread",
  _localdummy: "_thread",
  SimpleQueue: "_queue",
  ndarray: "numpy",
  Queue: "queue",
  Logger: "logging",
  partial: "functools",
};

/** Where the first object of a process lies; another one for another process. */
export const FIRST_ADDRESS = 0x7f00_0000_1000;
const ADDRESS_STEP = 0x40;

export class SnapshotBuilder {
  readonly #nodes: DraftNode[] = [];
  readonly #types: DraftType[] = [];
  readonly #typeRows = new Map<string, number>();
  readonly #fieldLabels = new Map<string, number>();
  readonly #texts = new Map<Draft, string>();
  readonly #roots: { node: Draft; tier: RootTier; origin: RootOrigin }[] = [];
  readonly #threads: DraftThread[] = [];
  readonly #codes: (Omit<CodeRow, "node"> & { node: Draft })[] = [];
  readonly #caches: (Omit<LruCacheRow, "node"> & { node: Draft })[] = [];
  readonly #excess = new Map<Draft, number>();
  readonly #resolved = new Map<Draft, Draft>();
  #forwards = 0;
  #nextAddress: number;

  constructor(firstAddress: number = FIRST_ADDRESS) {
    this.#nextAddress = firstAddress;
    this.#typeRow("object", "", "fields", "plain", []);
  }

  /** A node of a type such as "dict" or "app.models.Session"; `attributes` name what its inline values are. */
  node(
    typeName: string,
    bytes: number,
    { attributes = [], role, address }: { attributes?: readonly string[]; role?: TypeRole; address?: number } = {},
  ): Draft {
    const draft = this.#nodes.length as Draft;
    const at = address ?? this.#nextAddress;
    if (address === undefined) this.#nextAddress += ADDRESS_STEP;
    this.#nodes.push({ type: this.#typeOf(typeName, attributes, role), address: at, bytes, edges: [] });
    return draft;
  }

  /** A node that is spoken of before it is made; `resolve` says which one it is. */
  forward(): Draft {
    return (-1 - this.#forwards++) as Draft;
  }

  resolve(forward: Draft, node: Draft): void {
    this.#resolved.set(forward, node);
  }

  edge(from: Draft, label: number, to: Draft): void {
    this.#nodes[from]!.edges.push({ label, to });
  }

  /** An edge from a place with a name. */
  field(from: Draft, name: string, to: Draft): void {
    this.edge(from, this.#fieldLabel(name), to);
  }

  text(node: Draft, text: string): Draft {
    this.#texts.set(node, text);
    return node;
  }

  root(node: Draft, tier: RootTier, origin: RootOrigin): void {
    this.#roots.push({ node, tier, origin });
  }

  excess(node: Draft, references: number): void {
    this.#excess.set(node, references);
  }

  code(node: Draft, row: Omit<CodeRow, "node"> & { parameters?: readonly string[] }): void {
    this.#codes.push({ ...row, node });
  }

  cache(node: Draft, row: Omit<LruCacheRow, "node">): void {
    this.#caches.push({ ...row, node });
  }

  /** Index of a thread and of one of its frames, made on first mention. */
  frame(thread: string, name: string): { thread: number; frame: number } {
    const index = this.thread(thread);
    const { frames } = this.#threads[index]!;
    const known = frames.findIndex((frame) => frame.function === name);
    if (known >= 0) return { thread: index, frame: known };
    const code = this.node("code", 200);
    this.code(code, { qualname: name, file: "/srv/app.py", firstLine: 1, freeVariables: [], parameters: [] });
    frames.push({ function: name, code });
    this.root(code, "frames", { kind: "frame", thread: index, frame: frames.length - 1, part: "code" });
    return { thread: index, frame: frames.length - 1 };
  }

  thread(name: string): number {
    const known = this.#threads.findIndex((thread) => thread.name === name);
    if (known >= 0) return known;
    this.#threads.push({ name, frames: [] });
    return this.#threads.length - 1;
  }

  /** Ties a type to the node that is the class, and to its base. */
  classNode(typeName: string, node: Draft, baseName: string | null): void {
    const row = this.#types[this.#typeOf(typeName, [])]!;
    row.node = node;
    if (baseName !== null) row.base = this.#typeOf(baseName, []);
  }

  finish(meta: Partial<SnapshotMeta> = {}): Snapshot {
    const order = this.#nodes
      .map((_, draft) => draft)
      .sort((a, b) => this.#nodes[a]!.address - this.#nodes[b]!.address);
    const rowOf = new Uint32Array(this.#nodes.length);
    for (const [at, draft] of order.entries()) rowOf[draft] = at + 1;
    const row = (draft: Draft): NodeIx => rowOf[this.#resolved.get(draft) ?? draft]! as NodeIx;
    const nodes = order.map((draft) => this.#nodes[draft]!);
    return {
      meta: {
        ...DEFAULT_META,
        liveBytes: nodes.reduce((sum, node) => sum + node.bytes, 0),
        threads: this.#threads.length,
        ...meta,
      },
      types: this.#types.map((type) => this.#finishType(type, row)),
      nodes: nodeTable(nodes),
      ...edgeColumns(nodes, row),
      excess: this.#finishExcess(row),
      roots: this.#roots.map((root) => ({ ...root, node: row(root.node) })),
      threads: this.#threads.map((thread, at) => finishThread(thread, at, row)),
      codes: this.#codes.map((code) => ({ ...code, node: row(code.node) })),
      lruCaches: this.#caches.map((cache) => ({ ...cache, node: row(cache.node) })),
      texts: this.#finishTexts(row),
    };
  }

  #typeOf(fullName: string, attributes: readonly string[], role?: TypeRole): number {
    const dot = fullName.lastIndexOf(".");
    const name = fullName.slice(dot + 1);
    const module = dot < 0 ? (MODULES[name] ?? "builtins") : fullName.slice(0, dot);
    return this.#typeRow(name, module, SHAPES[name] ?? "fields", role ?? ROLES[name] ?? "plain", attributes);
  }

  #typeRow(name: string, module: string, shape: NodeShape, role: TypeRole, attributes: readonly string[]): number {
    const key = `${module}.${name}(${attributes.join()})`;
    const known = this.#typeRows.get(key);
    if (known !== undefined) return known;
    const canonical = attributes.length === 0 ? this.#types.length : this.#typeRow(name, module, shape, role, []);
    const row = this.#types.length;
    this.#types.push({ name, module, shape, role, canonical, attributes, base: -1, node: null });
    this.#typeRows.set(key, row);
    return row;
  }

  #fieldLabel(name: string): number {
    const known = this.#fieldLabels.get(name);
    if (known !== undefined) return known;
    const label = FIRST_FIELD_LABEL + this.#fieldLabels.size;
    this.#fieldLabels.set(name, label);
    return label;
  }

  #finishType(type: DraftType, row: (draft: Draft) => NodeIx): TypeRow {
    const canonical = this.#types[type.canonical]!;
    return {
      canonical: type.canonical as TypeIx,
      name: type.name,
      module: type.module,
      base: canonical.base,
      shape: type.shape,
      role: type.role,
      node: canonical.node === null ? (0 as NodeIx) : row(canonical.node),
      attributes: type.attributes,
      fields: new Map([...this.#fieldLabels].map(([name, label]) => [label, name])),
    };
  }

  #finishExcess(row: (draft: Draft) => NodeIx): Snapshot["excess"] {
    const entries = [...this.#excess]
      .map(([draft, excess]) => ({ node: row(draft), excess }))
      .sort((a, b) => a.node - b.node);
    return {
      node: Uint32Array.from(entries, (entry) => entry.node),
      excess: Int32Array.from(entries, (entry) => entry.excess),
    };
  }

  #finishTexts(row: (draft: Draft) => NodeIx): Snapshot["texts"] {
    const entries = [...this.#texts]
      .map(([draft, text]) => ({ node: row(draft), text }))
      .sort((a, b) => a.node - b.node);
    const encoded = entries.map((entry) => new TextEncoder().encode(entry.text));
    const start = new Uint32Array(entries.length + 1);
    for (const [at, bytes] of encoded.entries()) start[at + 1] = start[at]! + bytes.length;
    const utf8 = new Uint8Array(start[entries.length]!);
    for (const [at, bytes] of encoded.entries()) utf8.set(bytes, start[at]);
    return { node: Uint32Array.from(entries, (entry) => entry.node), start, utf8 };
  }
}

/** Label of attribute `i` of a type's shared keys. */
export function attributeLabel(i: number): number {
  return ATTRIBUTE_LABEL | i;
}

function finishThread(thread: DraftThread, at: number, row: (draft: Draft) => NodeIx): ThreadRow {
  const frames = thread.frames.map(
    (frame): FrameRow => ({ code: row(frame.code), function: frame.function, file: "/srv/app.py", line: 1 }),
  );
  return { name: thread.name, ident: String(1000 + at), frames };
}

function nodeTable(nodes: readonly DraftNode[]): Snapshot["nodes"] {
  const oversize = new Map(
    nodes.flatMap((node, at) => (node.bytes >= 0xffffffff ? [[at + 1, node.bytes] as const] : [])),
  );
  const addressHigh: { firstNode: number; high: number }[] = [];
  for (const [at, node] of nodes.entries()) {
    const high = Math.floor(node.address / 2 ** 32);
    if (addressHigh.at(-1)?.high !== high) addressHigh.push({ firstNode: at + 1, high });
  }
  return {
    count: nodes.length + 1,
    type: Uint16Array.from([0, ...nodes.map((node) => node.type)]),
    shallowBytes: Uint32Array.from([0, ...nodes.map((node) => Math.min(node.bytes, 0xffffffff))]),
    oversize,
    addressLow: Uint32Array.from([0, ...nodes.map((node) => node.address % 2 ** 32)]),
    addressHigh,
  };
}

function edgeColumns(nodes: readonly DraftNode[], row: (draft: Draft) => NodeIx): Pick<Snapshot, "refs" | "edgeLabel"> {
  const edgeStart = new Uint32Array(nodes.length + 2);
  for (const [at, node] of nodes.entries()) edgeStart[at + 2] = edgeStart[at + 1]! + node.edges.length;
  const edges = nodes.flatMap((node) => node.edges);
  return {
    refs: { nodeCount: nodes.length + 1, edgeStart, edgeTarget: Uint32Array.from(edges, (edge) => row(edge.to)) },
    edgeLabel: Uint16Array.from(edges, (edge) => edge.label),
  };
}

const DEFAULT_META: SnapshotMeta = {
  source: "live",
  takenAtMs: 1_700_000_000_000,
  pid: 42,
  processStartTicks: null,
  command: ["python", "app.py"],
  python: "3.11.7",
  executable: "/usr/bin/python3",
  liveBytes: 0,
  copiedBytes: 0,
  pauseMs: 12,
  exactness: 1,
  unreadableReferences: 0,
  threads: 0,
  collector: { enabled: true, collecting: false, generations: [], permanentObjects: 0 },
  memory: { rssBytes: null, sharedBytes: null, swapBytes: null },
  values: false,
  warnings: [],
};
