// Which strings of the target a snapshot keeps. By default names only: dict keys that are identifiers or dotted names,
// small integers used as keys, and the file and name of modules. What looks like a secret is never kept.

import { bytesIn, windowAt } from "../../base/byte-windows.ts";
import { charactersOf } from "../../cpython/read-string.ts";
import { Kind } from "../../cpython/kinds.ts";
import { looksLikeSecret } from "../../base/secrets.ts";
import type { TextTable, TypeRow } from "../snapshot.ts";
import { cacheWords } from "./cache-words.ts";
import type { Columns } from "../walk/renumber.ts";
import type { Walk } from "../walk/walk-state.ts";
import { readSmallInt } from "../../cpython/read-int.ts";

const encoder = new TextEncoder();
const MINUS = 45;
const ZERO = 48;
const NAME_LIMIT = 80;
const VALUE_LIMIT = 200;
/** Room for the paths of modules' files. */
const FILE_ROOM = 2 ** 21;
/** Integers of up to nine digits name a place in a path; longer ones may identify a person. */
const INT_LIMIT = 1_000_000_000;

/** What is kept besides names. */
export interface Kept {
  /** All strings and integers. */
  readonly values: boolean;
  /** Long integers that are keys of `threading._active`: with them a Thread object has a name. */
  readonly threadIdents: ReadonlySet<number>;
  /** Strings that name context variables, `request-id` among them. */
  readonly variableNames: ReadonlySet<number>;
}

/** Rows whose texts are wanted, ascending, with the texts. O(edges of dicts + texts). */
export function collectTexts(
  walk: Walk,
  columns: Columns,
  rows: readonly TypeRow[],
  modules: readonly number[],
  keep: Kept,
): TextTable {
  const wanted = keysOfMappings(columns, rows);
  if (keep.values) wantStrings(walk, columns, wanted);
  for (const node of keep.variableNames) wanted[node >>> 5]! |= 1 << (node & 31);
  wantModuleFiles(walk, columns, rows, modules, wanted);
  const words = cacheWords({ walk, columns, rows });
  for (let word = 0; word < wanted.length; word++) wanted[word]! |= words[word]!;
  const texts = createTexts(wanted, keep.values ? VALUE_LIMIT * 4 : NAME_LIMIT);

  for (let word = 0; word < wanted.length; word++) {
    for (let bits = wanted[word]!; bits !== 0; bits &= bits - 1) {
      const node = word * 32 + (31 - Math.clz32(bits & -bits));
      const isWord = (words[word]! & bits & -bits) !== 0;
      if (isWord && rows[columns.nodes.type[node]!]!.role === "float") appendFloat(walk, columns, node, texts);
      else appendText(walk, columns, node, isWord ? { ...keep, values: true } : keep, texts);
    }
  }
  return finish(texts);
}

/** One bit per node: it is a key of some mapping. */
function keysOfMappings(columns: Columns, rows: readonly TypeRow[]): Uint32Array {
  const { refs, edgeLabel, nodes } = columns;
  const isMapping = Uint8Array.from(rows, (row) => (row.shape === "mapping" ? 1 : 0));
  const wanted = new Uint32Array((refs.nodeCount >>> 5) + 1);
  for (let node = 1; node < refs.nodeCount; node++) {
    if (isMapping[nodes.type[node]!] === 0) continue;
    const end = refs.edgeStart[node + 1]!;
    for (let edge = refs.edgeStart[node]!; edge + 1 < end && edgeLabel[edge] === 0; edge += 2) {
      const key = refs.edgeTarget[edge]!;
      wanted[key >>> 5]! |= 1 << (key & 31);
    }
  }
  return wanted;
}

function wantStrings(walk: Walk, columns: Columns, wanted: Uint32Array): void {
  for (let node = 1; node < columns.nodes.count; node++) {
    if (walk.types.kind[columns.nodes.type[node]!] === Kind.str) wanted[node >>> 5]! |= 1 << (node & 31);
  }
}

/** Values of `__file__` and `__name__` in module dicts: where a holder is written down. */
function wantModuleFiles(
  walk: Walk,
  columns: Columns,
  rows: readonly TypeRow[],
  modules: readonly number[],
  wanted: Uint32Array,
): void {
  const { refs, edgeLabel, nodes } = columns;
  for (const node of modules) {
    for (let edge = refs.edgeStart[node]!; edge < refs.edgeStart[node + 1]!; edge++) {
      const dict = refs.edgeTarget[edge]!;
      if (rows[nodes.type[dict]!]!.shape !== "mapping") continue;
      const end = refs.edgeStart[dict + 1]!;
      for (let pair = refs.edgeStart[dict]!; pair + 1 < end && edgeLabel[pair] === 0; pair += 2) {
        const value = refs.edgeTarget[pair + 1]!;
        if (isNamed(walk, columns, refs.edgeTarget[pair]!)) wanted[value >>> 5]! |= 1 << (value & 31);
      }
      break;
    }
  }
}

const FILE_KEYS: readonly Uint8Array[] = ["__file__", "__name__"].map((text) => new TextEncoder().encode(text));

function isNamed(walk: Walk, columns: Columns, key: number): boolean {
  if (walk.types.kind[columns.nodes.type[key]!] !== Kind.str) return false;
  const place = charactersOf(walk.image, walk.layout, columns.slotOfNode[key]!);
  if (place === null || place.length !== 8 || place.charBytes !== 1) return false;
  const text = bytesIn(walk.image.bytes, place.start, place.length);
  return FILE_KEYS.some((name) => name.every((byte, i) => text[i] === byte));
}

/** Sized for the worst case at once; pages that stay unused cost nothing. */
interface Texts {
  readonly nodes: Uint32Array;
  readonly starts: Uint32Array;
  readonly bytes: Uint8Array;
  count: number;
  used: number;
}

function createTexts(wanted: Uint32Array, bytesPerText: number): Texts {
  let texts = 0;
  for (let word = 0; word < wanted.length; word++)
    for (let bits = wanted[word]!; bits !== 0; bits &= bits - 1) texts += 1;
  return {
    nodes: new Uint32Array(texts),
    starts: new Uint32Array(texts + 1),
    bytes: new Uint8Array(texts * bytesPerText + FILE_ROOM),
    count: 0,
    used: 0,
  };
}

function appendText(walk: Walk, columns: Columns, node: number, keep: Kept, texts: Texts): void {
  const kind = walk.types.kind[columns.nodes.type[node]!]!;
  if (kind === Kind.int) {
    const value = readSmallInt(walk.image, walk.layout, columns.slotOfNode[node]!);
    if (value !== null && (keep.values || Math.abs(value) < INT_LIMIT || keep.threadIdents.has(value)))
      appendInt(texts, node, value);
    return;
  }
  if (kind !== Kind.str) return;
  const place = charactersOf(walk.image, walk.layout, columns.slotOfNode[node]!);
  if (place === null) return;
  const { bytes, start: windowStart } = windowAt(walk.image.bytes, place.start);
  const start = place.start - windowStart;
  if (place.charBytes === 1 && place.length <= NAME_LIMIT && isName(bytes, start, start + place.length)) {
    appendName(texts, node, bytes, start, place.length);
    return;
  }
  const value = bytes.subarray(start, start + Math.min(place.length, VALUE_LIMIT) * place.charBytes);
  const isFile = place.charBytes === 1 && isSourcePath(value, place.length);
  if (keep.values || isFile || namesVariable(keep, node, place.length))
    appendValue(texts, node, value, place.charBytes);
}

function namesVariable({ variableNames }: Kept, node: number, length: number): boolean {
  return length <= NAME_LIMIT && variableNames.has(node);
}

/** Include/cpython/floatobject.h: the value follows the object head. */
function appendFloat({ image, scan }: Walk, { slotOfNode }: Columns, node: number, texts: Texts): void {
  const at = (slotOfNode[node]! + scan.offsets.headSize) * 2;
  const halves = Uint32Array.of(image.words[at]!, image.words[at + 1]!);
  append(texts, node, encoder.encode(String(new Float64Array(halves.buffer)[0]!)));
}

/** Copies byte by byte: most names are short, and a view for each would cost more. */
function appendName(texts: Texts, node: number, bytes: Uint8Array, start: number, length: number): void {
  if (looksLikeSecret(bytes, start, start + length)) return;
  texts.nodes[texts.count] = node;
  texts.starts[texts.count] = texts.used;
  for (let i = 0; i < length; i++) texts.bytes[texts.used + i] = bytes[start + i]!;
  texts.used += length;
  texts.count += 1;
}

/** Writes the digits from the last: a string and its encoding for each of a million keys would cost more than the walk. */
function appendInt(texts: Texts, node: number, value: number): void {
  let left = Math.abs(value);
  let length = value < 0 ? 2 : 1;
  for (let rest = left; rest >= 10; rest = Math.floor(rest / 10)) length += 1;
  texts.nodes[texts.count] = node;
  texts.starts[texts.count] = texts.used;
  if (value < 0) texts.bytes[texts.used] = MINUS;
  for (let at = texts.used + length - 1; at >= texts.used + (value < 0 ? 1 : 0); at--) {
    texts.bytes[at] = ZERO + (left % 10);
    left = Math.floor(left / 10);
  }
  texts.used += length;
  texts.count += 1;
}

/** An identifier or several joined by dots. */
function isName(bytes: Uint8Array, start: number, end: number): boolean {
  let startsPart = true;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    const isLetter = (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || byte === 95;
    if (byte === 46 && !startsPart) startsPart = true;
    else if (isLetter || (byte >= 48 && byte <= 57 && !startsPart)) startsPart = false;
    else return false;
  }
  return !startsPart;
}

/** A path ending in .py, .pyc or .so: the only values kept without --values. */
function isSourcePath(bytes: Uint8Array, length: number): boolean {
  if (length > VALUE_LIMIT || bytes[0] !== 47) return false;
  const tail = String.fromCharCode(...bytes.subarray(Math.max(0, bytes.length - 4)));
  return tail.endsWith(".py") || tail.endsWith(".pyc") || tail.endsWith(".so");
}

function appendValue(texts: Texts, node: number, bytes: Uint8Array, charBytes: number): void {
  let text = "";
  for (let i = 0; i < bytes.length; i += charBytes) {
    let point = bytes[i]!;
    for (let j = 1; j < charBytes; j++) point += bytes[i + j]! * 256 ** j;
    text += point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  }
  append(texts, node, encoder.encode(text));
}

function append(texts: Texts, node: number, bytes: Uint8Array): void {
  appendName(texts, node, bytes, 0, bytes.length);
}

function finish(texts: Texts): TextTable {
  texts.starts[texts.count] = texts.used;
  return {
    node: texts.nodes.subarray(0, texts.count),
    start: texts.starts.subarray(0, texts.count + 1),
    utf8: texts.bytes.subarray(0, texts.used),
  };
}
