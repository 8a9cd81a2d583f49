// A snapshot out of another tool's heap dump. What the format does not carry is said in the warnings and left out, never
// made up: reference counts, garbage, where functions stand, memory of the process.

import type { NodeIx } from "../../base/brand.ts";
import { isAllocationFailure } from "../../base/allocation-failure.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { redactCommand } from "../../base/secrets.ts";
import { mappingEntries } from "../analysis/modules.ts";
import { shallowBytesOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import { snapshotFault } from "../file/snapshot-fault.ts";
import type { Root, Snapshot, ThreadRow, TypeRow } from "../snapshot.ts";
import { entryOf, findNamespaces, importedRoots, type Namespaces } from "./imported-roots.ts";
import { type ImportedTypes, MOST_TYPES, splitTypeName, typeFacts } from "./imported-types.ts";
import { type LinkedObjects, linkObjects, settleOddMappings } from "./link-objects.ts";
import { namePlaces } from "./name-places.ts";
import type { ObjectTable } from "./object-table.ts";
import { namesOnly, valuesOnly } from "./imported-texts.ts";

/** What a reader of one format has read. */
export interface ImportedDump {
  readonly table: ObjectTable;
  readonly types: ImportedTypes;
  readonly fileBytes: number;
  /** Milliseconds since 1970. */
  readonly takenAtMs: number;
  readonly threads: readonly ThreadRow[];
  /** Locals of frames, by the addresses of what they hold. */
  readonly locals: readonly ImportedLocal[];
  /** Sentences about what the format does not carry. */
  readonly warnings: readonly string[];
  /** Type rows by the addresses of their type objects, where the format has them. */
  readonly typeAddresses: ReadonlyMap<number, number>;
  /** The tool leaves out the value that stands under this name. */
  readonly leftOut: string | null;
}

export interface ImportedLocal {
  readonly thread: number;
  readonly frame: number;
  readonly name: string;
  readonly address: number;
}

/** `hasValues`: texts are kept; otherwise names only. Fails with what is wrong, as the end of a sentence. */
export function importedSnapshot(dump: ImportedDump, hasValues: boolean): Result<Snapshot, string> {
  if (dump.types.count > MOST_TYPES) return fail(`it has more than ${MOST_TYPES} types`);
  if (dump.table.address.length === 0) return fail("it has no objects");
  try {
    return assemble(dump, hasValues);
  } catch (error) {
    if (isAllocationFailure(error)) return fail("it needs more memory than this machine gives");
    throw error;
  }
}

function assemble(dump: ImportedDump, hasValues: boolean): Result<Snapshot, string> {
  const { types } = dump;
  const objects = linkObjects(dump.table);
  nameTypes(dump, objects);
  const text = (node: number): string | null => textOf(objects.texts, node as NodeIx);
  settleOddMappings(
    objects,
    (type) => typeFacts(types.qualified(type)).role === "dict",
    (key) => dump.leftOut !== null && text(key) === dump.leftOut,
  );
  namePlaces(objects, types);
  const draft = draftOf(dump, objects, typeRowsOf(dump, objects));
  const namespaces = findNamespaces(draft);
  splitByModules(dump, draft, namespaces);
  const named = { ...draft, types: typeRowsOf(dump, objects) };
  const roots = importedRoots(named, namespaces, frameRoots(dump, objects));
  const snapshot = {
    ...named,
    meta: metaOf(dump, named, namespaces, hasValues),
    roots,
    texts: hasValues ? valuesOnly(named) : namesOnly(named),
  };
  const fault = snapshotFault(snapshot);
  return fault === null ? ok(snapshot) : fail(fault);
}

/** What type objects say of themselves, where the file says which objects they are: `<class 'app.Session'>`. */
function nameTypes({ types, typeAddresses }: ImportedDump, { index, texts }: LinkedObjects): void {
  for (const [address, row] of typeAddresses) {
    const said = /^<(?:class|enum|flag) '(.*)'>$/.exec(textOf(texts, index.rowOf(address) as NodeIx) ?? "")?.[1];
    if (said === undefined) continue;
    const { module, name } = splitTypeName(said, () => false);
    types.rename(row, module === "?" ? "builtins" : module, name);
  }
}

/** Nested classes: "app" and "Outer.Inner" where there is a module `app` and none `app.Outer`. */
function splitByModules({ types }: ImportedDump, draft: Snapshot, namespaces: Namespaces | null): void {
  if (namespaces === null) return;
  const modules = new Set<string>();
  for (const { key } of mappingEntries(draft, namespaces.modules)) modules.add(textOf(draft.texts, key) ?? "");
  for (let row = 1; row < types.count; row++) {
    const { module, name } = splitTypeName(types.qualified(row), (prefix) => modules.has(prefix));
    types.rename(row, module, name);
  }
}

function typeRowsOf({ types, typeAddresses, table }: ImportedDump, objects: LinkedObjects): readonly TypeRow[] {
  const nodes = new Map<number, NodeIx>();
  for (const [address, row] of typeAddresses) nodes.set(row, objects.index.rowOf(address) as NodeIx);
  if (typeAddresses.size === 0 && table.textRow.length > 0) addClassesByName(types, objects, nodes);
  return types.rows((row) => nodes.get(row) ?? (0 as NodeIx));
}

/** A class whose text is the name of a type; the first where several are called so. */
function addClassesByName(types: ImportedTypes, objects: LinkedObjects, nodes: Map<number, NodeIx>): void {
  const rows = new Map(Array.from({ length: types.count }, (_, row) => [types.qualified(row), row]));
  for (const node of objects.texts.node) {
    if (typeFacts(types.qualified(objects.type[node]!)).role !== "type") continue;
    const row = rows.get(textOf(objects.texts, node as NodeIx) ?? "");
    if (row !== undefined && !nodes.has(row)) nodes.set(row, node as NodeIx);
  }
}

function frameRoots({ locals }: ImportedDump, { index }: LinkedObjects): readonly Root[] {
  const roots: Root[] = [];
  for (const { thread, frame, name, address } of locals) {
    const node = index.rowOf(address) as NodeIx;
    if (node !== 0) roots.push({ node, tier: "frames", origin: { kind: "frame-local", thread, frame, name } });
  }
  return roots;
}

function draftOf(dump: ImportedDump, objects: LinkedObjects, types: readonly TypeRow[]): Snapshot {
  const { index, type, shallowBytes, oversize, edgeStart, edgeTarget, edgeLabel, texts } = objects;
  return {
    meta: {
      source: "imported",
      takenAtMs: dump.takenAtMs,
      pid: null,
      processStartTicks: null,
      command: [],
      python: "",
      executable: "",
      liveBytes: 0,
      copiedBytes: dump.fileBytes,
      pauseMs: null,
      exactness: null,
      unreadableReferences: objects.lost,
      threads: dump.threads.length,
      collector: { enabled: true, collecting: false, generations: [], permanentObjects: 0 },
      memory: { rssBytes: null, sharedBytes: null, swapBytes: null },
      values: true,
      warnings: dump.warnings,
    },
    types,
    nodes: {
      count: index.count,
      type,
      shallowBytes,
      oversize,
      addressLow: index.lowWords(),
      addressHigh: index.highWords(),
    },
    refs: { nodeCount: index.count, edgeStart, edgeTarget },
    edgeLabel,
    excess: { node: new Uint32Array(0), excess: new Int32Array(0) },
    roots: [],
    threads: dump.threads,
    codes: [],
    lruCaches: [],
    texts,
  };
}

const UNNAMED_WARNING =
  "The module sys was not found in the file, so no place has a name; PyHeap writes none with --str-repr-len -1.";

/** What the dict of `sys` tells of the interpreter: version, executable and arguments. */
function metaOf(
  dump: ImportedDump,
  snapshot: Snapshot,
  namespaces: Namespaces | null,
  hasValues: boolean,
): Snapshot["meta"] {
  let liveBytes = 0;
  for (let node = 1; node < snapshot.nodes.count; node++) liveBytes += shallowBytesOf(snapshot, node as NodeIx);
  const said = (name: string): NodeIx | null => (namespaces === null ? null : entryOf(snapshot, namespaces.sys, name));
  const text = (name: string): string => textOf(snapshot.texts, said(name) ?? (0 as NodeIx)) ?? "";
  const words = said("orig_argv") ?? said("argv");
  return {
    ...snapshot.meta,
    liveBytes,
    values: hasValues,
    python: /^\d+\.\d+\.\d+\S*/.exec(text("version"))?.[0] ?? "of an unknown version",
    executable: text("executable"),
    command: redactCommand(words === null ? [] : wordsOf(snapshot, words)),
    warnings: namespaces === null ? [...dump.warnings, UNNAMED_WARNING] : dump.warnings,
  };
}

function wordsOf({ refs, texts }: Snapshot, list: NodeIx): readonly string[] {
  const targets = refs.edgeTarget.subarray(refs.edgeStart[list], refs.edgeStart[list + 1]);
  return Array.from(targets, (target) => textOf(texts, target as NodeIx) ?? "?");
}
