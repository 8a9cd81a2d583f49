// The canonical encoding of a value: tag, length, content. docs/cache-keys.md is the format; the Python client writes the same bytes.

import { createHash } from "node:crypto";
import { assertUnreachable } from "../base/invariant.ts";
import { type EqualNumber, equalOfDecimal, equalOfFraction, equalOfNumber } from "./equal-number.ts";
import type { KeyRules } from "./key-options.ts";
import {
  type KeySink,
  putByte,
  putBytes,
  putFloatBits,
  putInt,
  putSize,
  putTag,
  putText,
  writtenSince,
} from "./key-sink.ts";
import { type KeyValue, type NumberArray, PYTHON, type PythonForm, type PythonValue } from "./key-value.ts";
import { Refusal, refusalOf } from "./unstable-key-error.ts";

const DEEPEST = 100;
const INLINE_BYTES = 65_536;
const ARRAY_TYPES: Readonly<Record<string, string>> = {
  Int8Array: "|i1",
  Int16Array: "<i2",
  Int32Array: "<i4",
  BigInt64Array: "<i8",
  Uint16Array: "<u2",
  Uint32Array: "<u4",
  BigUint64Array: "<u8",
  Float32Array: "<f4",
  Float64Array: "<f8",
};
const AS_IS: KeyRules = { numbersAlike: false, zones: false, spell: null };

/** One encoding under way. `above` are the containers around the value: a value that is one of them is a cycle. */
export interface KeyWriter {
  readonly sink: KeySink;
  readonly rules: KeyRules;
  readonly above: object[];
}

/** Writes one value. Throws a Refusal whose path is that inside the value. */
export function putValue(writer: KeyWriter, value: KeyValue): void {
  const { sink, rules } = writer;
  switch (typeof value) {
    case "string":
      return putString(sink, rules.spell === null ? value : rules.spell(value));
    case "number":
      return putNumber(writer, value);
    case "bigint":
      return putInt(sink, value);
    case "boolean":
      return rules.numbersAlike ? putInt(sink, value ? 1n : 0n) : putTag(sink, value ? "T" : "F");
    case "object":
      return value === null ? putTag(sink, "N") : putObject(writer, value);
    default:
      throw refusalOf(value);
  }
}

export function putString(sink: KeySink, text: string): void {
  putTag(sink, "s");
  putText(sink, text);
}

function putFloat(sink: KeySink, value: number): void {
  putTag(sink, "f");
  putFloatBits(sink, value);
}

function putNumber(writer: KeyWriter, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return putInt(writer.sink, BigInt(value));
  putFloatForm(writer, value);
}

function putFloatForm({ sink, rules }: KeyWriter, value: number): void {
  if (rules.numbersAlike) putEqualNumber(sink, equalOfNumber(value));
  else putFloat(sink, value);
}

function putEqualNumber(sink: KeySink, number: EqualNumber): void {
  switch (number.type) {
    case "int":
      return putInt(sink, number.value);
    case "float":
      return putFloat(sink, number.value);
    case "fraction":
      putExtension(sink, "fraction", 2);
      putInt(sink, number.numerator);
      return putInt(sink, number.denominator);
    case "decimal":
      putExtension(sink, "decimal", 1);
      return putString(sink, number.triple);
    default:
      assertUnreachable(number);
  }
}

function putExtension(sink: KeySink, kind: string, count: number): void {
  putTag(sink, "x");
  putText(sink, kind);
  putSize(sink, count);
}

type KeyObject = Exclude<KeyValue, null | string | number | bigint | boolean>;

function putObject(writer: KeyWriter, value: KeyObject): void {
  const { sink } = writer;
  if (Array.isArray(value)) return within(writer, value, () => putItems(writer, "l", value));
  if (value instanceof Uint8Array) return putBuffer(sink, 0, value);
  if (value instanceof Date) return putDate(writer, value);
  if (value instanceof Map) {
    return within(writer, value, () => putEntries(writer, "d", value as ReadonlyMap<KeyValue, KeyValue>, true));
  }
  if (value instanceof Set) return within(writer, value, () => putMembers(writer, "e", value as ReadonlySet<KeyValue>));
  if (isPython(value)) return putPython(writer, value);
  if (ArrayBuffer.isView(value)) return putNumberArray(sink, value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refusalOf(value);
  within(writer, value, () => putEntries(writer, "d", Object.entries(value) as [string, KeyValue][], true));
}

function isPython(value: object): value is PythonValue {
  return PYTHON in value;
}

/** The forms that hold values, and so count as a level. */
const NESTING: ReadonlySet<PythonForm["type"]> = new Set(["tuple", "frozenset", "ordered", "record", "keyed"]);

function putPython(writer: KeyWriter, value: PythonValue): void {
  const form = value[PYTHON];
  const isNesting = form.type === "extension" ? !form.asIs : NESTING.has(form.type);
  if (isNesting) within(writer, value, () => putForm(writer, form));
  else putForm(writer, form);
}

/** Runs `put` one level deeper. */
function within(writer: KeyWriter, value: object, put: () => void): void {
  const { above } = writer;
  const at = above.indexOf(value);
  if (at >= 0) {
    const levels = above.length - at;
    const what =
      levels === 1 ? "leads back to the value that holds it" : `leads back to the value ${levels} levels above it`;
    throw new Refusal(what, "pass what the result depends on, without the way back");
  }
  if (above.length >= DEEPEST) {
    throw new Refusal(`is nested deeper than ${DEEPEST} levels`, "pass what the result depends on");
  }
  above.push(value);
  put();
  above.pop();
}

/** `error` with the label of the container before its path. */
function labelled(error: unknown, label: string): unknown {
  if (error instanceof Refusal) error.path = label + error.path;
  return error;
}

function putItems(writer: KeyWriter, tag: string, items: readonly KeyValue[]): void {
  putTag(writer.sink, tag);
  putSize(writer.sink, items.length);
  putAll(writer, items);
}

function putAll(writer: KeyWriter, items: readonly KeyValue[]): void {
  let at = 0;
  try {
    for (; at < items.length; at++) putValue(writer, items[at] as KeyValue);
  } catch (error) {
    throw labelled(error, `[${at}]`);
  }
}

function putMembers(writer: KeyWriter, tag: string, members: Iterable<KeyValue>): void {
  const all = [...members];
  putTag(writer.sink, tag);
  putSize(writer.sink, all.length);
  const starts = [writer.sink.length];
  for (const member of all) {
    try {
      putValue(writer, member);
    } catch (error) {
      throw labelled(error, " member");
    }
    starts.push(writer.sink.length);
  }
  sortPieces(writer.sink, starts);
}

function putEntries(
  writer: KeyWriter,
  tag: string,
  entries: Iterable<readonly [KeyValue, KeyValue]>,
  isSorted: boolean,
): void {
  const { sink } = writer;
  const all = [...entries];
  putTag(sink, tag);
  putSize(sink, all.length);
  const starts = [sink.length];
  for (const [key, value] of all) {
    try {
      putValue(writer, key);
      putValue(writer, value);
    } catch (error) {
      throw labelled(error, labelOfKey(key));
    }
    starts.push(sink.length);
  }
  if (isSorted) sortPieces(sink, starts);
}

function labelOfKey(key: KeyValue): string {
  return typeof key === "string" && key.length <= 38 ? `['${key}']` : typeof key === "number" ? `[${key}]` : " value";
}

/** Puts the pieces between `starts` into the order of their bytes. No piece begins another, so key and value sort as one. */
export function sortPieces(sink: KeySink, starts: readonly number[]): void {
  const first = starts[0] ?? 0;
  const last = starts.at(-1) ?? first;
  if (starts.length < 3) return;
  const copy = Buffer.from(sink.bytes.subarray(first, last));
  const pieces = starts.slice(1).map((end, at) => copy.subarray((starts[at] ?? 0) - first, end - first));
  pieces.sort((one, other) => one.compare(other));
  let to = first;
  for (const piece of pieces) {
    sink.bytes.set(piece, to);
    to += piece.length;
  }
}

function putBuffer(sink: KeySink, flag: number, content: Uint8Array): void {
  const isInline = content.length <= INLINE_BYTES;
  putTag(sink, isInline ? "b" : "B");
  putByte(sink, flag);
  putSize(sink, content.length);
  putBytes(sink, isInline ? content : createHash("sha256").update(content).digest());
}

function putNumberArray(sink: KeySink, array: NumberArray): void {
  const dtype = ARRAY_TYPES[array.constructor.name];
  if (dtype === undefined) throw refusalOf(array);
  putExtension(sink, "ndarray", 3);
  putString(sink, dtype);
  putTag(sink, "t");
  putSize(sink, 1);
  putInt(sink, BigInt(array.length));
  const plain = array instanceof Float64Array || array instanceof Float32Array ? oneNotANumber(array) : array;
  putBuffer(sink, 0, new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength));
}

/** The array, or a copy with the one NaN in the place of each. A loop: `some` takes ten times as long. */
function oneNotANumber(array: Float64Array | Float32Array): Float64Array | Float32Array {
  for (let at = 0; at < array.length; at++) {
    if (Number.isNaN(array[at])) return array.map((value) => (Number.isNaN(value) ? NaN : value));
  }
  return array;
}

function putDate(writer: KeyWriter, value: Date): void {
  if (Number.isNaN(value.getTime())) throw new Refusal("is an invalid Date", "pass null");
  const text = value.toISOString().replace(/^\+0/, "");
  putDatetime(writer, text.replace("Z", "000Z"), "UTC");
}

function putDatetime({ sink, rules }: KeyWriter, text: string, zone: string | null): void {
  const isZoned = rules.zones && zone !== null;
  if (isZoned) putExtension(sink, "zoned", 2);
  putExtension(sink, "datetime", 1);
  putString(sink, text);
  if (isZoned) putString(sink, zone);
}

function putForm(writer: KeyWriter, form: PythonForm): void {
  const { sink } = writer;
  switch (form.type) {
    case "float":
      return putFloatForm(writer, form.value);
    case "complex":
    case "fraction":
    case "decimal":
      return putRareNumber(writer, form);
    case "buffer":
      return putBuffer(sink, form.flag, form.content);
    case "tuple":
      return putItems(writer, "t", form.items);
    case "frozenset":
      return putMembers(writer, "z", form.members);
    case "ordered":
      return putEntries(writer, "o", form.entries, false);
    case "member":
    case "record":
    case "keyed":
      return putInstance(writer, form);
    case "datetime":
      return putDatetime(writer, form.text, form.zone);
    case "extension":
      putExtension(sink, form.kind, form.values.length);
      return putAll(form.asIs ? { ...writer, rules: AS_IS } : writer, form.values);
    default:
      assertUnreachable(form);
  }
}

type RareNumber = Extract<PythonForm, { readonly type: "complex" | "fraction" | "decimal" }>;

function putRareNumber(writer: KeyWriter, form: RareNumber): void {
  const { sink } = writer;
  const isAlike = writer.rules.numbersAlike;
  switch (form.type) {
    case "complex":
      if (isAlike && form.imaginary === 0) return putFloatForm(writer, form.real);
      putExtension(sink, "complex", 2);
      // Adding 0 makes 0.0 of -0.0.
      putFloat(sink, isAlike ? form.real + 0 : form.real);
      return putFloat(sink, form.imaginary);
    case "fraction":
      return putEqualNumber(sink, isAlike ? equalOfFraction(form.numerator, form.denominator) : form);
    case "decimal":
      return putEqualNumber(sink, isAlike ? equalOfDecimal(form.triple) : form);
    default:
      assertUnreachable(form);
  }
}

type Instance = Extract<PythonForm, { readonly type: "member" | "record" | "keyed" }>;

function putInstance(writer: KeyWriter, form: Instance): void {
  const { sink } = writer;
  switch (form.type) {
    case "member":
      putTag(sink, "E");
      putText(sink, form.classPath);
      return typeof form.name === "bigint" ? putInt(sink, form.name) : putString(sink, form.name);
    case "record":
      return putRecord(writer, form.classPath, Object.entries(form.fields));
    case "keyed":
      putTag(sink, "K");
      putText(sink, form.classPath);
      return putValue(writer, form.key);
    default:
      assertUnreachable(form);
  }
}

function putRecord(writer: KeyWriter, classPath: string, fields: readonly (readonly [string, KeyValue])[]): void {
  const { sink } = writer;
  putTag(sink, "R");
  putText(sink, classPath);
  putSize(sink, fields.length);
  for (const [name, value] of fields) {
    putText(sink, name);
    try {
      putValue(writer, value);
    } catch (error) {
      throw labelled(error, `.${name}`);
    }
  }
}

/** A copy of what was written since `from`. */
export function takeSince(sink: KeySink, from: number): Buffer {
  return Buffer.from(writtenSince(sink, from));
}
