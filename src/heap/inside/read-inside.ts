// From a heap stream that a process wrote of itself to a snapshot. The stream is read three times, block by block; whoever
// has the blocks hands them in.

import type { NodeIx, TypeIx } from "../../base/brand.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { redactCommand, redactText } from "../../base/secrets.ts";
import type { CollectorFacts } from "../../model/snapshot-meta.ts";
import { ROW_SECTIONS } from "../file/row-sections.ts";
import { snapshotFault } from "../file/snapshot-fault.ts";
import {
  type CodeRow,
  type ExcessTable,
  IMMORTAL_EXCESS,
  type LruCacheRow,
  type Root,
  type Snapshot,
  type TextTable,
  type ThreadRow,
  type TypeRow,
} from "../snapshot.ts";
import { type AddressIndex } from "./address-index.ts";
import { AddressSurvey, InsideColumns } from "./inside-columns.ts";
import { decodeNodes, decodeTextBlock, INSIDE_BLOCKS, type InsideBlockHeader } from "./inside-format.ts";
import { type InsideEnd, type InsideSummary, InsideTables, parseEnd } from "./inside-tables.ts";

/** Readings of the stream, in order; the caller hands in every block once for each. */
export const READINGS = ["addresses", "objects", "references"] as const;
export type Reading = (typeof READINGS)[number];

export class InsideReader {
  readonly #tables = new InsideTables();
  readonly #survey = new AddressSurvey();
  readonly #texts = new Map<number, Uint8Array>();
  readonly #readBytes: number;
  #end: InsideEnd | null = null;
  #columns: InsideColumns | null = null;

  /** `fileBytes`: length of the stream. */
  constructor(fileBytes: number) {
    this.#readBytes = fileBytes;
  }

  /** Null, or what is wrong with the block, as the end of a sentence "... is damaged: ". */
  accept(reading: Reading, header: InsideBlockHeader, bytes: Uint8Array): string | null {
    if (header.kind === INSIDE_BLOCKS.nodes) return this.#acceptNodes(reading, header, bytes);
    if (reading !== "addresses") return null;
    if (this.#end !== null) return "something follows its end";
    switch (header.kind) {
      case INSIDE_BLOCKS.lines:
        return this.#acceptLines(bytes);
      case INSIDE_BLOCKS.texts:
        return this.#acceptTexts(header, bytes);
      case INSIDE_BLOCKS.end:
        this.#end = parseEnd(parseJson(bytes)) ?? null;
        return this.#end === null ? "its end cannot be read" : null;
      default:
        return `it has a block of an unknown kind (${header.kind})`;
    }
  }

  /** After each reading; null when the next one can begin, or what is missing. */
  finishReading(reading: Reading): "truncated" | null {
    const { summary } = this.#tables;
    if (summary === null || this.#end === null) return "truncated";
    if (reading === "addresses") this.#columns = new InsideColumns(this.#survey.finish(), summary.countedByUs);
    if (reading === "objects") this.#columns?.allocateEdges();
    return null;
  }

  /** After the last reading. Fails with what is wrong. */
  snapshot(): Result<Snapshot, string> {
    const { summary } = this.#tables;
    if (summary === null || this.#end === null || this.#columns === null) return fail("it was not read to its end");
    const snapshot = assemble(this.#tables, this.#columns, this.#texts, summary, this.#end, this.#readBytes);
    if (snapshot === null) return fail("a row of its tables has an impossible value");
    const fault = snapshotFault(snapshot);
    return fault === null ? ok(snapshot) : fail(fault);
  }

  #acceptNodes(reading: Reading, header: InsideBlockHeader, bytes: Uint8Array): string | null {
    const block = decodeNodes(header, bytes);
    if (block === null) return "a block of objects has an impossible length";
    if (reading === "addresses") this.#survey.accept(block);
    if (reading === "objects") this.#columns?.acceptObjects(block);
    if (reading !== "references") return null;
    return this.#columns?.acceptEdges(block, this.#tables.shapes) === false
      ? "the references of an object do not fit its shape"
      : null;
  }

  #acceptLines(bytes: Uint8Array): string | null {
    const lines = new TextDecoder().decode(bytes).split("\n");
    for (const line of lines)
      if (line !== "" && !this.#tables.accept(parseJson(line))) return "a line of its tables cannot be read";
    return null;
  }

  #acceptTexts(header: InsideBlockHeader, bytes: Uint8Array): string | null {
    const block = decodeTextBlock(header, bytes);
    if (block === null) return "a block of texts has an impossible length";
    let from = 0;
    for (const [at, length] of block.length.entries()) {
      this.#texts.set(block.address[at]!, block.utf8.slice(from, from + length));
      from += length;
    }
    return null;
  }
}

function parseJson(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof text === "string" ? text : new TextDecoder().decode(text));
  } catch {
    return null;
  }
}

function assemble(
  tables: InsideTables,
  columns: InsideColumns,
  texts: ReadonlyMap<number, Uint8Array>,
  summary: InsideSummary,
  end: InsideEnd,
  readBytes: number,
): Snapshot | null {
  const { index } = columns;
  const nodeOf = (address: number): NodeIx => index.rowOf(address) as NodeIx;
  const roots = rootRows(tables, columns);
  const types = typeRows(tables, nodeOf);
  const threads = threadRows(tables, nodeOf);
  if (roots === null || types === null) return null;
  countListLinks(types, columns);
  roots.push(...classesOfState(types, columns));
  const { excess, exactness } = excessOf(columns);
  return {
    meta: {
      source: "inside",
      takenAtMs: summary.takenAtMs,
      pid: summary.pid,
      processStartTicks: summary.startTicks,
      command: redactCommand(summary.command),
      executable: summary.executable,
      python: summary.python,
      liveBytes: liveBytes(columns),
      copiedBytes: readBytes,
      pauseMs: end.pauseMs,
      exactness,
      unreadableReferences: columns.lost,
      threads: threads.length,
      collector: collectorFacts(summary),
      memory: { rssBytes: summary.residentBytes, sharedBytes: null, swapBytes: null },
      values: summary.values,
      warnings: warningsOf(summary),
    },
    types,
    nodes: {
      count: index.count,
      type: columns.type,
      shallowBytes: columns.shallowBytes,
      oversize: columns.oversize,
      addressLow: index.lowWords(),
      addressHigh: index.highWords(),
    },
    refs: { nodeCount: index.count, edgeStart: columns.edgeStart, edgeTarget: columns.edgeTarget },
    edgeLabel: columns.edgeLabel,
    excess,
    roots,
    threads,
    codes: codeRows(tables, nodeOf),
    lruCaches: cacheRows(tables, nodeOf),
    texts: textTable(texts, index),
  };
}

/** Roots of objects that were written; what they explain is taken off the balance. Null when one is impossible. */
function rootRows(tables: InsideTables, columns: InsideColumns): Root[] | null {
  const roots: Root[] = [];
  for (const { root, tier, counted, origin } of tables.roots) {
    const node = columns.index.rowOf(root);
    if (node === 0) continue;
    const row = ROW_SECTIONS.roots.parse({ node, tier, origin });
    if (row === undefined) return null;
    if (columns.balance[node]! < IMMORTAL_EXCESS / 2) columns.balance[node]! -= counted;
    roots.push(row);
  }
  return roots;
}

/** More words than that of one class are not kept; nobody has seen more than three. */
const MOST_WORDS = 16;

/**
 * Classes that more refers to than the graph shows: the state of the interpreter and of extension modules, which only C can
 * look into. Read from outside these are words of the interpreter's structs, and they are no more certain here.
 */
function classesOfState(types: readonly TypeRow[], { type, balance }: InsideColumns): Root[] {
  const isClass = Uint8Array.from(types, ({ role }) => (role === "type" ? 1 : 0));
  const roots: Root[] = [];
  for (const [node, row] of type.entries()) {
    if (isClass[row] === 0 || balance[node]! <= 0 || balance[node]! >= IMMORTAL_EXCESS / 2) continue;
    const root: Root = {
      node: node as NodeIx,
      tier: "interpreter",
      origin: { kind: "interpreter", offset: -1, part: null },
    };
    for (let words = Math.min(balance[node]!, MOST_WORDS); words > 0; words--) roots.push(root);
  }
  return roots;
}

const NOT_READABLE: TypeRow = {
  canonical: 0 as TypeIx,
  name: "not readable",
  module: "",
  base: -1,
  node: 0 as NodeIx,
  shape: "fields",
  role: "plain",
  attributes: [],
  fields: new Map(),
};

function typeRows(tables: InsideTables, nodeOf: (address: number) => NodeIx): readonly TypeRow[] | null {
  const rows: TypeRow[] = [NOT_READABLE];
  for (const { type, address, name, module, base, shape, role } of tables.types) {
    const fields = [...(tables.fields.get(type) ?? [])];
    const line = { canonical: type, name, module, base, node: nodeOf(address), shape, role, attributes: [], fields };
    const row = ROW_SECTIONS.types.parse(line);
    if (row === undefined) return null;
    rows[type] = row;
  }
  return Array.from(rows, (row) => row ?? NOT_READABLE);
}

function threadRows(tables: InsideTables, nodeOf: (address: number) => NodeIx): readonly ThreadRow[] {
  return tables.threads.map(({ thread, name, frames }) => ({
    name: redactText(name),
    ident: thread,
    frames: frames.map((frame) => ({ ...frame, code: nodeOf(frame.code) })),
  }));
}

function codeRows(tables: InsideTables, nodeOf: (address: number) => NodeIx): readonly CodeRow[] {
  const rows = [...tables.codes.values()].map(({ code, qualname, ...row }) => ({
    ...row,
    node: nodeOf(code),
    qualname: tables.qualnames.get(code) ?? qualname,
  }));
  return rows.filter(({ node }) => node > 0).sort((a, b) => a.node - b.node);
}

function cacheRows(tables: InsideTables, nodeOf: (address: number) => NodeIx): readonly LruCacheRow[] {
  const rows = tables.caches.map(({ lruCache, ...row }) => ({ ...row, node: nodeOf(lruCache) }));
  return rows.filter(({ node }) => node > 0).sort((a, b) => a.node - b.node);
}

function textTable(texts: ReadonlyMap<number, Uint8Array>, index: AddressIndex): TextTable {
  const rows = [...texts].map(([address, utf8]) => ({ node: index.rowOf(address), utf8 }));
  const kept = rows.filter(({ node }) => node > 0).sort((a, b) => a.node - b.node);
  const start = new Uint32Array(kept.length + 1);
  for (const [at, { utf8 }] of kept.entries()) start[at + 1] = start[at]! + utf8.length;
  const all = new Uint8Array(start[kept.length]!);
  for (const [at, { utf8 }] of kept.entries()) all.set(utf8, start[at]);
  return { node: Uint32Array.from(kept, ({ node }) => node), start, utf8: all };
}

/** Modules/_functoolsmodule.c: the list of an lru_cache owns each of its links, besides the dict of the cache. */
function countListLinks(types: readonly TypeRow[], { type, balance }: InsideColumns): void {
  const row = types.findIndex(({ role }) => role === "lru-link");
  if (row > 0) for (const [node, each] of type.entries()) if (each === row) balance[node]! -= 1;
}

function excessOf({ balance, index }: InsideColumns): { readonly excess: ExcessTable; readonly exactness: number } {
  const isListed = (row: number): boolean => row > 0 && balance[row] !== 0;
  let listed = 0;
  let immortal = 0;
  for (let row = 1; row < index.count; row++) {
    if (isListed(row)) listed += 1;
    if (balance[row]! >= IMMORTAL_EXCESS / 2) immortal += 1;
  }
  const node = new Uint32Array(listed);
  const excess = new Int32Array(listed);
  for (let row = 1, at = 0; row < index.count; row++) {
    if (!isListed(row)) continue;
    node[at] = row;
    excess[at++] = balance[row]! >= IMMORTAL_EXCESS / 2 ? IMMORTAL_EXCESS : balance[row]!;
  }
  const mortal = index.count - 1 - immortal;
  return { excess: { node, excess }, exactness: mortal <= 0 ? 1 : (index.count - 1 - listed) / mortal };
}

function liveBytes({ shallowBytes, oversize }: InsideColumns): number {
  let sum = 0;
  for (const [row, bytes] of shallowBytes.entries()) sum += oversize.get(row) ?? bytes;
  return sum;
}

function collectorFacts({ collector, generations, frozen }: InsideSummary): CollectorFacts {
  return {
    enabled: collector.enabled,
    collecting: false,
    generations: collector.generations.map((each, i) => ({
      objects: generations[i] ?? 0,
      threshold: collector.thresholds[i] ?? 0,
      count: collector.counts[i] ?? 0,
      collections: each.collections,
      collected: each.collected,
      uncollectable: each.uncollectable,
    })),
    permanentObjects: Math.max(frozen, collector.frozen),
  };
}

function warningsOf({ frozen, implementation }: InsideSummary): readonly string[] {
  const warnings: string[] = [];
  if (frozen > 0)
    warnings.push(
      `${frozen} objects that gc.freeze() has put aside were not listed; only a snapshot in a forked child or from outside has them.`,
    );
  if (implementation !== "cpython")
    warnings.push(
      `The program runs on ${implementation}, which counts no references: what native code holds cannot be told from garbage.`,
    );
  return warnings;
}
