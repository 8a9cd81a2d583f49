// Chrome's .heapsnapshot: the heap in DevTools' memory panel, in memlab, and in whatever else reads V8's format.
//
// Nodes are written in the order of the snapshot's rows, after one for the root and one for each group of roots. Every edge of
// the snapshot is one edge of the file, so dominators and retained sizes there are the ones of `top` and `why`.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { ok } from "../../base/result.ts";
import { shallowBytesOf } from "../../heap/analysis/edges.ts";
import type { HeapAnalysis } from "../../heap/analyse.ts";
import { ATTRIBUTE_LABEL, type NodeShape, POSITIONAL_LABEL } from "../../heap/snapshot.ts";
import { BytePieces } from "../byte-pieces.ts";
import type { HeapFormat } from "../heap-format.ts";
import { nameNodes, type NameTable } from "./node-names.ts";
import { objectIds } from "./object-ids.ts";
import { rootGroups, type RootGroup } from "./root-groups.ts";
import { edgeKindNumber, NODE_FIELD_COUNT, nodeKindNumber, snapshotHead } from "./v8-fields.ts";

export const heapsnapshot: HeapFormat = {
  name: "heapsnapshot",
  gzip: false,
  opensIn: "Chrome DevTools, Memory panel, Load profile; or memlab",
  write: (heap) => ok(pieces(heap)),
};

const COMMA = 0x2c;
const NEWLINE = 0x0a;
/** The name of an edge from a mapping to a key; the value's edge has the key's text. */
const KEY_EDGE = "<key>";
const UNREADABLE = "(not readable)";
const ROWS_PER_PIECE = 4096;

const ELEMENT = edgeKindNumber("element");
const PROPERTY = edgeKindNumber("property");
const INTERNAL = edgeKindNumber("internal");
const HIDDEN = edgeKindNumber("hidden");
const SYNTHETIC = nodeKindNumber("synthetic");

/** What all parts of the file need. */
interface Writing {
  readonly analysis: HeapAnalysis;
  readonly groups: readonly RootGroup[];
  readonly table: NameTable;
  readonly out: BytePieces;
  /** Nodes of the file before the first one of the snapshot. */
  readonly offset: number;
}

function* pieces(analysis: HeapAnalysis): Generator<Uint8Array, void, undefined> {
  const groups = rootGroups(analysis);
  const names = groups.flatMap(({ name, names: each }) => [name, ...each.filter((text) => text !== null)]);
  const table = nameNodes(analysis, [KEY_EDGE, UNREADABLE, ...names]);
  const writing: Writing = { analysis, groups, table, out: new BytePieces(), offset: 1 + groups.length };
  yield* head(writing);
  yield* nodes(writing);
  yield* edges(writing);
  yield* strings(writing);
}

function* head({ analysis, groups, offset, out }: Writing): Generator<Uint8Array, void, undefined> {
  const { refs, nodes: table } = analysis.snapshot;
  const rootEdges = groups.reduce((sum, group) => sum + group.nodes.length, groups.length);
  out.text(snapshotHead(table.count + offset, refs.edgeStart[refs.nodeCount]! + rootEdges));
  yield* out.take();
}

/** Each node in a row of seven numbers. */
function* nodes({ analysis, groups, table, out, offset }: Writing): Generator<Uint8Array, void, undefined> {
  const { snapshot } = analysis;
  const { edgeStart } = snapshot.refs;
  const ids = objectIds(snapshot.nodes, offset * 2);
  out.text('"nodes":[');
  nodeRow(out, SYNTHETIC, 0, 1, 0, groups.length);
  for (const [at, group] of groups.entries()) {
    out.byte(COMMA);
    nodeRow(out, SYNTHETIC, table.numberOf(group.name), at * 2 + 3, 0, group.nodes.length);
  }
  for (let node = 0; node < snapshot.nodes.count; node++) {
    const type = snapshot.nodes.type[node]!;
    const name = node === 0 ? table.numberOf(UNREADABLE) : table.ownName[node]! || table.typeName[type]!;
    const kind = node === 0 ? SYNTHETIC : table.typeKind[type]!;
    const edgeCount = edgeStart[node + 1]! - edgeStart[node]!;
    out.byte(COMMA);
    nodeRow(out, kind, name, ids[node]!, shallowBytesOf(snapshot, node as NodeIx), edgeCount);
    if (node % ROWS_PER_PIECE === 0) yield* out.take();
  }
  out.text('],\n"edges":[');
}

function nodeRow(out: BytePieces, kind: number, name: number, id: number, bytes: number, edgeCount: number): void {
  out.byte(NEWLINE);
  out.number(kind);
  out.byte(COMMA);
  out.number(name);
  out.byte(COMMA);
  out.number(id);
  out.byte(COMMA);
  out.number(bytes);
  out.byte(COMMA);
  out.number(edgeCount);
  out.text(",0,0");
}

/** Edges stand in the order of their nodes; what an edge leads to is a position in the array of nodes. */
function* edges(writing: Writing): Generator<Uint8Array, void, undefined> {
  const { analysis, groups, table, out, offset } = writing;
  for (const at of groups.keys()) {
    if (at > 0) out.byte(COMMA);
    edgeRow(out, ELEMENT, at + 1, at + 1);
  }
  for (const group of groups) {
    for (const [at, node] of group.nodes.entries()) {
      const name = group.names[at] ?? null;
      out.byte(COMMA);
      edgeRow(out, name === null ? ELEMENT : PROPERTY, name === null ? at : table.numberOf(name), node + offset);
    }
    yield* out.take();
  }
  for (let node = 0; node < analysis.snapshot.nodes.count; node++) {
    edgesOf(writing, node as NodeIx);
    if (node % ROWS_PER_PIECE === 0) yield* out.take();
  }
  out.text('],\n"trace_function_infos":[],"trace_tree":[],"samples":[],"locations":[],\n"strings":[');
}

/** Positional edges stand side by side, so a position is counted along. */
function edgesOf({ analysis: { snapshot }, table, out, offset }: Writing, node: NodeIx): void {
  const { edgeStart, edgeTarget } = snapshot.refs;
  const row = snapshot.nodes.type[node]!;
  const { shape } = snapshot.types[row]!;
  const { attributes, fields } = table.labels[row]!;
  const end = edgeStart[node + 1]!;
  let position = 0;
  for (let edge = edgeStart[node]!; edge < end; edge++) {
    const label = snapshot.edgeLabel[edge]!;
    const target = edgeTarget[edge]! + offset;
    out.byte(COMMA);
    if (label === POSITIONAL_LABEL) {
      const key = edge > 0 ? edgeTarget[edge - 1]! : 0;
      positionalRow(out, table, shape, position++, key, target);
    } else {
      const name = label >= ATTRIBUTE_LABEL ? attributes[label - ATTRIBUTE_LABEL]! : (fields.get(label) ?? 0);
      edgeRow(out, name === 0 ? HIDDEN : PROPERTY, name === 0 ? edge - edgeStart[node]! : name, target);
    }
  }
}

/** An element by its position; a value of a mapping by the text of its key, where the snapshot has it. */
function positionalRow(
  out: BytePieces,
  table: NameTable,
  shape: NodeShape,
  position: number,
  before: number,
  target: number,
): void {
  if (shape === "sequence") return edgeRow(out, ELEMENT, position, target);
  if (shape !== "mapping") return edgeRow(out, HIDDEN, position, target);
  if (position % 2 === 0) return edgeRow(out, INTERNAL, table.numberOf(KEY_EDGE), target);
  const name = table.ownName[before]!;
  edgeRow(out, name === 0 ? ELEMENT : PROPERTY, name === 0 ? position >> 1 : name, target);
}

function edgeRow(out: BytePieces, kind: number, name: number, target: number): void {
  out.byte(NEWLINE);
  out.number(kind);
  out.byte(COMMA);
  out.number(name);
  out.byte(COMMA);
  out.number(target * NODE_FIELD_COUNT);
}

/** Names, then the texts of the snapshot: the order that name numbers follow. */
function* strings({ analysis, table, out }: Writing): Generator<Uint8Array, void, undefined> {
  const { texts } = analysis.snapshot;
  const decoder = new TextDecoder();
  for (const [at, name] of table.names.entries()) out.text(`${at === 0 ? "" : ",\n"}${JSON.stringify(name)}`);
  for (let row = 0; row < texts.node.length; row++) {
    const text = decoder.decode(texts.utf8.subarray(texts.start[row], texts.start[row + 1]));
    out.text(`,\n${JSON.stringify(printable(text))}`);
    if (row % ROWS_PER_PIECE === 0) yield* out.take();
  }
  out.text("]}\n");
  yield* out.finish();
}
