// The golden vectors of the key encoding and their neutral notation: what cache_key_vectors.py builds in Python, built for Node.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as keys from "../../src/client/cache-keys.ts";
import type { KeyOptions, KeyValue } from "../../src/client/cache-keys.ts";

export const VECTORS_FILE: string = join(import.meta.dirname, "cache-key-vectors.json");

export type Notation = null | boolean | string | { readonly [type: string]: unknown };

interface ValueVector {
  readonly value: Notation;
  readonly options: KeyOptions;
  readonly encoding: string;
  readonly digest: string;
  readonly readable: string;
  readonly redacted: string;
}

interface CallVector {
  readonly parts: readonly (readonly [string, Notation])[];
  readonly digest: string;
  readonly readable: string;
  readonly redacted: string;
  readonly partly: string;
}

export function readVectors(): { readonly values: readonly ValueVector[]; readonly calls: readonly CallVector[] } {
  return JSON.parse(readFileSync(VECTORS_FILE, "utf8")) as ReturnType<typeof readVectors>;
}

/** The value of a notation, with wrappers where JavaScript has no such type. */
export function build(notation: Notation): KeyValue {
  if (notation === null || typeof notation !== "object") return notation;
  const [[type, content]] = Object.entries(notation) as [[string, never]];
  const builder = BUILDERS[type];
  if (builder === undefined) throw new Error(`no builder for ${type}`);
  return builder(content);
}

type Pair = readonly [Notation, Notation];
type ClassAndFields = readonly [string, readonly (readonly [string, Notation])[]];

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const number = (bits: string): number => hex(bits).readDoubleBE();
const pairs = (content: readonly Pair[]): [KeyValue, KeyValue][] =>
  content.map(([key, value]) => [build(key), build(value)]);
const items = (content: readonly Notation[]): KeyValue[] => content.map(build);
const record = ([path, fields]: ClassAndFields): KeyValue =>
  keys.record(path, Object.fromEntries(fields.map(([name, value]) => [name, build(value)])));

const BUILDERS: Readonly<Record<string, (content: never) => KeyValue>> = {
  int: (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text)),
  float: (bits: string) => keys.float(number(bits)),
  complex: ([real, imaginary]: readonly [string, string]) => keys.complex(number(real), number(imaginary)),
  bytes: (text: string) => hex(text),
  zeros: (count: number) => new Uint8Array(count),
  bytearray: (text: string) => keys.bytearray(hex(text)),
  memoryview: (text: string) => keys.memoryview(hex(text)),
  repeat: ([text, count]: readonly [string, number]) => text.repeat(count),
  list: items,
  tuple: (content: readonly Notation[]) => keys.tuple(...items(content)),
  deque: (content: readonly Notation[]) => keys.deque(...items(content)),
  set: (content: readonly Notation[]) => new Set(items(content)),
  frozenset: (content: readonly Notation[]) => keys.frozenset(items(content)),
  dict: (content: readonly Pair[]) => new Map(pairs(content)),
  ordered: (content: readonly Pair[]) => keys.orderedDict(pairs(content)),
  member: ([path, name]: readonly [string, string]) => keys.enumMember(path, name),
  flag: ([path, text]: readonly [string, string]) => keys.enumMember(path, BigInt(text)),
  record,
  namedtuple: record,
  keyed: ([path, key]: readonly [string, Notation]) => keys.keyed(path, build(key)),
  datetime: (text: string) => (text.endsWith("Z") ? keys.instant(text) : keys.datetime(text)),
  date: (text: string) => keys.date(text),
  time: (text: string) => keys.time(text),
  timedelta: (text: string) => keys.timedelta(BigInt(text)),
  decimal: (text: string) => keys.decimal(text),
  fraction: ([above, below]: readonly [string, string]) => keys.fraction(BigInt(above), BigInt(below)),
  uuid: (text: string) => keys.uuid(text),
  path: ([flavour, text]: readonly ["posix" | "windows", string]) => keys.path(text, flavour),
  range: (triple: readonly [string, string, string]) =>
    keys.range(BigInt(triple[0]), BigInt(triple[1]), BigInt(triple[2])),
  pattern: ([source, flags]: readonly [string, number]) => keys.pattern(source, BigInt(flags)),
  ip: (packed: string) => keys.ipAddress(hex(packed)),
  ndarray: ([dtype, shape, data]: readonly [string, readonly number[], string]) =>
    keys.ndarray(dtype, shape, hex(data)),
};
