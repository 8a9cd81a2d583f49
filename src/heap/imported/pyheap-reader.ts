// PyHeap's dump, version 1: pyheap/src/dumper_inferior.py (_HeapWriter) writes it, pyheap-ui/src/pyheap_ui/heap_reader.py reads it;
// both at 469d206. Big-endian. A header with the addresses of known types, threads with their locals, names of frequent
// attributes, objects, names of types, a footer.

import { fail, ok, type Result } from "../../base/result.ts";
import { CLASS_LABEL, type FrameRow, POSITIONAL_LABEL, type ThreadRow, UNNAMED_LABEL } from "../snapshot.ts";
import type { NodeIx } from "../../base/brand.ts";
import { ByteFeed, EndOfFile, type ReadAt } from "./byte-feed.ts";
import { ImportedTypes } from "./imported-types.ts";
import type { ImportedDump, ImportedLocal } from "./imported-snapshot.ts";
import { ObjectTable } from "./object-table.ts";

const MAGIC = 123_000_321;
export const PYHEAP_VERSION = 1;
const WITH_TEXTS = 1;
const WARNINGS = [
  "Read from a dump of PyHeap, which has no reference counts: what nothing in the file refers to is shown as held from outside, garbage among it.",
  "Sizes are what sys.getsizeof said in the process; from Python 3.11 on the room for the attributes of an instance is not in it.",
];

/** The version of a dump that begins like this; null when it is none of PyHeap. */
export function pyheapVersion(start: Uint8Array): number | null {
  if (start.length < 12) return null;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  return view.getUint32(0) === 0 && view.getUint32(4) === MAGIC ? view.getUint32(8) : null;
}

export type PyheapProblem =
  | { readonly code: "truncated" }
  | { readonly code: "corrupt"; readonly detail: string }
  | { readonly code: "newer-format"; readonly version: number };

class Damaged extends Error {}

/** Reads a file whole. `progress` gets the bytes that are done, now and then. */
export function readPyheap(
  read: ReadAt,
  fileBytes: number,
  progress: (doneBytes: number) => void,
): Result<ImportedDump, PyheapProblem> {
  try {
    return readDump(new ByteFeed(read), fileBytes, progress);
  } catch (error) {
    if (error instanceof EndOfFile) return fail({ code: "truncated" });
    if (error instanceof Damaged) return fail({ code: "corrupt", detail: error.message });
    throw error;
  }
}

interface Reading {
  readonly feed: ByteFeed;
  readonly table: ObjectTable;
  readonly types: ImportedTypes;
  readonly hasTexts: boolean;
  /** Addresses of types by the names of the header. */
  readonly known: ReadonlyMap<string, number>;
  readonly frequent: readonly string[];
  /** Addresses of types whose objects have no attributes written. */
  readonly common: ReadonlySet<number>;
  readonly fileBytes: number;
}

function readDump(
  feed: ByteFeed,
  fileBytes: number,
  progress: (doneBytes: number) => void,
): Result<ImportedDump, PyheapProblem> {
  if (feed.u64() !== MAGIC) throw new Damaged("it does not begin as a dump of PyHeap");
  const version = feed.u32();
  if (version !== PYHEAP_VERSION) return fail({ code: "newer-format", version });
  const created = Date.parse(feed.text(feed.u16()));
  const hasTexts = feed.u64() % 2 === WITH_TEXTS;
  const known = new Map(times(feed, fileBytes, () => [feed.text(feed.u16()), feed.u64()] as const));
  const locals: ImportedLocal[] = [];
  const threads = times(feed, fileBytes, (thread) => readThread(feed, fileBytes, thread, locals));
  const frequent = times(feed, fileBytes, () => feed.text(attributeLength(feed.i16())));
  const common = new Set(times(feed, fileBytes, () => readCommonType(feed, fileBytes)));
  const types = new ImportedTypes();
  const reading: Reading = { feed, table: new ObjectTable(), types, hasTexts, known, frequent, common, fileBytes };
  readObjects(reading, progress);
  for (const [address, name] of times(feed, fileBytes, () => [feed.u64(), feed.text(feed.u16())] as const))
    types.rename(types.rowOf(address), moduleOfName(name, address, known), name);
  if (feed.u64() !== MAGIC) throw new Damaged("it does not end as a dump of PyHeap");
  return ok({
    table: reading.table,
    types,
    fileBytes,
    takenAtMs: Number.isNaN(created) ? 0 : created,
    threads,
    locals,
    warnings: WARNINGS,
    typeAddresses: new Map([...types.keys()].map(([address, row]) => [Number(address), row])),
    leftOut: null,
  });
}

/** Names that the writer gives without a module: those of built-in types are told from a program's own by their address. */
const BUILT_IN: ReadonlySet<string> = new Set(["module", "function", "method", "code", "cell", "frame", "frozenset"]);

function moduleOfName(name: string, address: number, known: ReadonlyMap<string, number>): string {
  return known.get(name) === address || BUILT_IN.has(name) ? "builtins" : "?";
}

/** A count, and so many of something; a count that the file cannot hold is damage. */
function times<Item>(feed: ByteFeed, fileBytes: number, read: (at: number) => Item): Item[] {
  const count = feed.u32();
  if (count > fileBytes) throw new Damaged(`it announces ${count} rows at byte ${feed.position}`);
  return Array.from({ length: count }, (_, at) => read(at));
}

function readThread(feed: ByteFeed, fileBytes: number, thread: number, locals: ImportedLocal[]): ThreadRow {
  const name = feed.text(feed.u16());
  feed.skip(2);
  const frames = times(feed, fileBytes, (frame): FrameRow => {
    const file = feed.text(feed.u16());
    const line = feed.u32();
    const row = { code: 0 as NodeIx, function: feed.text(feed.u16()), file, line };
    times(feed, fileBytes, () => locals.push({ thread, frame, name: feed.text(feed.u16()), address: feed.u64() }));
    return row;
  });
  return { name, ident: String(thread), frames };
}

function readCommonType(feed: ByteFeed, fileBytes: number): number {
  const address = feed.u64();
  times(feed, fileBytes, () => skipAttribute(feed));
  return address;
}

function skipAttribute(feed: ByteFeed): void {
  feed.skip(Math.max(0, feed.i16()) + 8);
}

function attributeLength(length: number): number {
  if (length < 0) throw new Damaged("an attribute has no name");
  return length;
}

const REPORT_EVERY = 1 << 14;

function readObjects(reading: Reading, progress: (doneBytes: number) => void): void {
  const { feed, known, fileBytes } = reading;
  const count = feed.u32();
  if (count > fileBytes) throw new Damaged(`it announces ${count} objects`);
  const kinds = kindsOf(known);
  for (let at = 0; at < count; at++) {
    readObject(reading, kinds);
    if (at % REPORT_EVERY === 0) progress(feed.position);
  }
}

interface Kinds {
  readonly containers: ReadonlySet<number>;
  readonly dict: number;
  readonly texts: ReadonlySet<number>;
}

function kindsOf(known: ReadonlyMap<string, number>): Kinds {
  const addresses = (...names: string[]): ReadonlySet<number> => new Set(names.map((name) => known.get(name) ?? -1));
  return {
    containers: addresses("dict", "list", "set", "tuple"),
    dict: known.get("dict") ?? -1,
    texts: addresses("str", "int", "float"),
  };
}

function readObject(reading: Reading, kinds: Kinds): void {
  const { feed, table, types, common, hasTexts } = reading;
  const address = anAddress(feed);
  const type = anAddress(feed);
  const row = types.rowOf(type);
  table.beginObject(address, row, feed.u32());
  const isContainer = kinds.containers.has(type);
  if (isContainer) {
    const entries = feed.u32() * (type === kinds.dict ? 2 : 1);
    for (let at = 0; at < entries; at++) table.addTarget(anAddress(feed), POSITIONAL_LABEL);
  }
  const first = table.target.length;
  for (let left = feed.u32(); left > 0; left--) {
    const target = anAddress(feed);
    table.addTarget(target, target === type ? CLASS_LABEL : UNNAMED_LABEL);
  }
  if (!common.has(type)) readAttributes(reading, row, first);
  if (hasTexts && !isContainer) readText(reading, kinds.texts.has(type));
}

/** Attributes of the class are among them; one that the object itself refers to says what the reference is called. */
function readAttributes({ feed, table, types, frequent }: Reading, row: number, first: number): void {
  const end = table.target.length;
  for (let left = feed.u32(); left > 0; left--) {
    const code = feed.i16();
    const name = code < 0 ? (frequent[-code - 1] ?? "") : feed.text(code);
    const value = feed.u64();
    if (name.startsWith("__") || end - first > MOST_NAMED) continue;
    for (let edge = first; edge < end; edge++)
      if (table.target.at(edge) === value) table.nameTarget(edge, types.label(row, name));
  }
}

/** An object that refers to more than that has no attributes worth the search: it is a container of C code. */
const MOST_NAMED = 256;

/** Texts of strings and numbers, and of modules and classes, which say who they are. */
function readText({ feed, table }: Reading, isValue: boolean): void {
  const length = feed.u16();
  const text = feed.text(length);
  if (isValue) table.addText(text);
  else if (length < 400 && /^<(?:class|enum|flag|module) '/.test(text)) table.addText(text);
}

function anAddress(feed: ByteFeed): number {
  const address = feed.u64();
  if (address === 0 || !Number.isSafeInteger(address))
    throw new Damaged(`an impossible address before byte ${feed.position}`);
  return address;
}
