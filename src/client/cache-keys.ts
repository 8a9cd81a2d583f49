// Stable keys of cached calls: the same bytes and the same digest as the Python client, so that one cache serves both.

import { hash } from "node:crypto";
import { printable } from "../base/format-printable.ts";
import { type KeyWriter, putString, putValue, sortPieces, takeSince } from "./encode-key.ts";
import { type KeyOptions, rulesOf } from "./key-options.ts";
import { newSink, putBytes, putSize, putTag, writtenSince } from "./key-sink.ts";
import type { KeyValue } from "./key-value.ts";
import { cut, textOf, typeOf } from "./readable-key.ts";
import { Refusal, UnstableKeyError } from "./unstable-key-error.ts";

export * from "./key-value.ts";
export type { KeyOptions } from "./key-options.ts";
export { UnstableKeyError } from "./unstable-key-error.ts";

/** The arguments of a call by the names of the Python function's parameters, defaults filled in. */
export type KeyParts = Readonly<Record<string, KeyValue>>;

const SCHEMA = 1;
const DIGEST_BYTES = 16;
const PREFIX = Buffer.from(`deadweight key ${SCHEMA}\n`);

/** The canonical bytes of one value. Throws an UnstableKeyError that names `argument` and the place inside it. Linear. */
export function encode(value: KeyValue, options: KeyOptions = {}, argument = "value"): Buffer {
  const writer: KeyWriter = { sink: newSink(), rules: rulesOf(options), above: [] };
  putArgument(writer, argument, value);
  return takeSince(writer.sink, 0);
}

/** The key of a call, 16 bytes: the start of the SHA-256 of the schema and of all names and values. Throws an UnstableKeyError. */
export function digest(parts: KeyParts, options: KeyOptions = {}): Buffer {
  const writer: KeyWriter = { sink: newSink(), rules: rulesOf(options), above: [] };
  const { sink } = writer;
  const all = Object.entries(parts);
  putBytes(sink, PREFIX);
  putTag(sink, "d");
  putSize(sink, all.length);
  const starts = [sink.length];
  for (const [name, value] of all) {
    putString(sink, name);
    putArgument(writer, name, value);
    starts.push(sink.length);
  }
  sortPieces(sink, starts);
  return hash("sha256", writtenSince(sink, 0), "buffer").subarray(0, DIGEST_BYTES);
}

/** What `readable` shows. */
export interface ReadableOptions extends KeyOptions {
  /** Characters at most; 120 without. */
  readonly limit?: number;
  /** True, or nothing: types instead of values. A set of names hides these alone. */
  readonly redact?: boolean | ReadonlySet<string>;
}

/** The call for people, `user=42, lang='en'`. Values show only on request. Throws an UnstableKeyError. */
export function readable(parts: KeyParts, options: ReadableOptions = {}): string {
  return cut(callText(parts, options), options.limit ?? 120);
}

function* callText(parts: KeyParts, options: ReadableOptions): Iterable<string> {
  const { redact = true } = options;
  let comma = "";
  for (const [name, value] of Object.entries(parts)) {
    const encoding = encode(value, options, name);
    yield `${comma}${printable(name)}=`;
    if (redact === true || (redact !== false && redact.has(name))) yield typeOf(encoding);
    else yield* textOf(encoding);
    comma = ", ";
  }
}

function putArgument(writer: KeyWriter, argument: string, value: KeyValue): void {
  try {
    putValue(writer, value);
  } catch (error) {
    throw error instanceof Refusal ? new UnstableKeyError(argument, error) : error;
  }
}
