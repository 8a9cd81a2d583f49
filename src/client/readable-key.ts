// A key as people read it, made from its encoding, so that what is shown is what the key tells apart. The text is that of the Python client.

import { printable } from "../base/format-printable.ts";
import { invariant } from "../base/invariant.ts";
import { floatText } from "./float-text.ts";

const CONTAINERS: Readonly<Record<string, string>> = {
  l: "list",
  t: "tuple",
  d: "dict",
  o: "OrderedDict",
  e: "set",
  z: "frozenset",
};
const SCALARS: Readonly<Record<string, string>> = {
  N: "None",
  T: "bool",
  F: "bool",
  i: "int",
  f: "float",
  s: "str",
};
const BYTE_TYPES: readonly string[] = ["bytes", "bytearray", "memoryview"];
const LONGEST_INT_BYTES = 32;
const HASH_BYTES = 32;

/** A place in an encoding. */
interface KeyReader {
  readonly bytes: Buffer;
  at: number;
}

type Pieces = Iterable<string>;

/** The text of an encoded value, piece by piece: the reader stops when it has enough. */
export function textOf(encoding: Buffer): Pieces {
  return value({ bytes: encoding, at: 0 });
}

/** What stands in the place of a value that is not to be read: `<str>`, `<dict of 3>`, `<User>`. */
export function typeOf(encoding: Buffer): string {
  const reader: KeyReader = { bytes: encoding, at: 0 };
  const tag = takeTag(reader);
  const scalar = SCALARS[tag];
  if (scalar !== undefined) return `<${scalar}>`;
  const container = CONTAINERS[tag];
  if (container !== undefined) return `<${container} of ${takeSize(reader)}>`;
  if (tag === "b" || tag === "B") return `<${takeByteType(reader)}>`;
  return `<${shortClass(reader)}>`;
}

function take(reader: KeyReader, count: number): Buffer {
  const content = reader.bytes.subarray(reader.at, reader.at + count);
  invariant(content.length === count, "an encoded key ends early");
  reader.at += count;
  return content;
}

function takeTag(reader: KeyReader): string {
  return take(reader, 1).toString("latin1");
}

function takeByteType(reader: KeyReader): string {
  return BYTE_TYPES[take(reader, 1).readUInt8()] ?? "bytes";
}

function takeSize(reader: KeyReader): number {
  let total = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = take(reader, 1).readUInt8();
    total += (byte & 127) * scale;
    if (byte < 128) return total;
  }
}

/** A text that is safe to show. Halves of surrogate pairs, which are no UTF-8, become escapes one by one. */
function takeShown(reader: KeyReader, escape: (text: string) => string = (text) => text): string {
  const content = take(reader, takeSize(reader));
  let shown = "";
  let from = 0;
  for (let at = content.indexOf(0xed); at >= 0; at = content.indexOf(0xed, at + 1)) {
    if ((content[at + 1] ?? 0) < 0xa0) continue;
    const code = 0xd000 | (((content[at + 1] ?? 0) & 63) << 6) | ((content[at + 2] ?? 0) & 63);
    shown += `${printable(escape(content.toString("utf8", from, at)))}\\u${code.toString(16)}`;
    from = at + 3;
  }
  return shown + printable(escape(content.toString("utf8", from)));
}

function shortClass(reader: KeyReader): string {
  return takeShown(reader).split(".").at(-1) ?? "";
}

function quoted(reader: KeyReader): string {
  return `'${takeShown(reader, (text) => text.replace(/[\\']/g, "\\$&"))}'`;
}

function* value(reader: KeyReader): Pieces {
  const tag = takeTag(reader);
  if (tag in SCALARS) yield scalarText(tag, reader);
  else if (tag === "b" || tag === "B") yield bytesText(tag, reader);
  else if (tag in CONTAINERS) yield* containerText(tag, reader);
  else yield* instanceText(tag, reader);
}

function scalarText(tag: string, reader: KeyReader): string {
  switch (tag) {
    case "i":
      return intText(reader);
    case "f":
      return floatText(take(reader, 8).readDoubleBE());
    case "s":
      return quoted(reader);
    default:
      return tag === "N" ? "None" : tag === "T" ? "True" : "False";
  }
}

function intText(reader: KeyReader): string {
  const content = take(reader, takeSize(reader));
  if (content.length > LONGEST_INT_BYTES) return `<int of ${content.length} bytes>`;
  return BigInt.asIntN(content.length * 8, BigInt(`0x${content.toString("hex")}`)).toString();
}

function bytesText(tag: string, reader: KeyReader): string {
  const name = takeByteType(reader);
  const count = takeSize(reader);
  if (tag === "b") return `${name}(${take(reader, count).toString("hex")})`;
  take(reader, HASH_BYTES);
  return `<${name} of ${count} bytes>`;
}

function* items(reader: KeyReader, count: number): Pieces {
  for (let at = 0; at < count; at++) {
    if (at > 0) yield ", ";
    yield* value(reader);
  }
}

function* entries(reader: KeyReader, count: number): Pieces {
  for (let at = 0; at < count; at++) {
    if (at > 0) yield ", ";
    yield* value(reader);
    yield ": ";
    yield* value(reader);
  }
}

/** What stands before and after the items of a container; a set without items has other words, as in Python. */
const BRACKETS: Readonly<Record<string, readonly [string, string]>> = {
  l: ["[", "]"],
  t: ["(", ")"],
  d: ["{", "}"],
  o: ["OrderedDict({", "})"],
  e: ["{", "}"],
  z: ["frozenset({", "})"],
};
const EMPTY_SETS: Readonly<Record<string, string>> = { e: "set()", z: "frozenset()" };

function* containerText(tag: string, reader: KeyReader): Pieces {
  const count = takeSize(reader);
  const [before, after] = BRACKETS[tag] ?? ["", ""];
  const empty = count === 0 ? EMPTY_SETS[tag] : undefined;
  if (empty !== undefined) return yield empty;
  yield before;
  yield* tag === "d" || tag === "o" ? entries(reader, count) : items(reader, count);
  yield tag === "t" && count === 1 ? ",)" : after;
}

function* instanceText(tag: string, reader: KeyReader): Pieces {
  if (tag === "E") return yield memberText(reader);
  const name = tag === "x" ? takeShown(reader) : shortClass(reader);
  yield `${name}(`;
  if (tag === "R") yield* fields(reader);
  else if (tag === "K") yield* value(reader);
  else yield* items(reader, takeSize(reader));
  yield ")";
}

function memberText(reader: KeyReader): string {
  const name = shortClass(reader);
  return takeTag(reader) === "s" ? `${name}.${takeShown(reader)}` : `${name}(${intText(reader)})`;
}

function* fields(reader: KeyReader): Pieces {
  const count = takeSize(reader);
  for (let at = 0; at < count; at++) {
    yield `${at > 0 ? ", " : ""}${takeShown(reader)}=`;
    yield* value(reader);
  }
}

/** At most `limit` characters of the pieces; what is cut off shows as an ellipsis. */
export function cut(pieces: Pieces, limit: number): string {
  const kept: string[] = [];
  for (const piece of pieces) {
    for (const character of piece) kept.push(character);
    if (kept.length > limit) return `${kept.slice(0, Math.max(limit - 1, 0)).join("")}\u2026`;
  }
  return kept.join("");
}
