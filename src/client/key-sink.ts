// Bytes under construction: a buffer that grows, written from left to right.

/** `bytes` is filled up to `length`. */
export interface KeySink {
  bytes: Buffer;
  length: number;
}

const FIRST_BYTES = 256;
/** Half of a surrogate pair without the other half. */
const HALF_PAIR = /\p{Surrogate}/u;

export function newSink(): KeySink {
  return { bytes: Buffer.allocUnsafe(FIRST_BYTES), length: 0 };
}

/** What was written since `from`, as a view of the sink: valid until the next write. */
export function writtenSince(sink: KeySink, from: number): Buffer {
  return sink.bytes.subarray(from, sink.length);
}

function makeRoom(sink: KeySink, count: number): void {
  if (sink.length + count <= sink.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(sink.bytes.length * 2, sink.length + count));
  sink.bytes.copy(larger, 0, 0, sink.length);
  sink.bytes = larger;
}

export function putByte(sink: KeySink, byte: number): void {
  makeRoom(sink, 1);
  sink.bytes[sink.length++] = byte;
}

/** The code of a tag's one character. */
export function putTag(sink: KeySink, tag: string): void {
  putByte(sink, tag.charCodeAt(0));
}

export function putBytes(sink: KeySink, content: Uint8Array): void {
  makeRoom(sink, content.length);
  sink.bytes.set(content, sink.length);
  sink.length += content.length;
}

/** A length as unsigned LEB128. */
export function putSize(sink: KeySink, size: number): void {
  let rest = size;
  while (rest > 127) {
    putByte(sink, (rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  putByte(sink, rest);
}

/** Length and UTF-8 of a text. Half a surrogate pair is written as its three bytes, as Python's surrogatepass does. */
export function putText(sink: KeySink, text: string): void {
  if (HALF_PAIR.test(text)) {
    const content = passSurrogates(text);
    putSize(sink, content.length);
    putBytes(sink, content);
    return;
  }
  const count = Buffer.byteLength(text);
  putSize(sink, count);
  makeRoom(sink, count);
  sink.length += sink.bytes.write(text, sink.length, "utf8");
}

function passSurrogates(text: string): Buffer {
  const pieces = Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    const isHalf = character.length === 1 && code >= 0xd800 && code < 0xe000;
    return isHalf ? Buffer.from([0xed, 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]) : Buffer.from(character);
  });
  return Buffer.concat(pieces);
}

/** The eight bytes of a float, highest first; every NaN is the same. */
export function putFloatBits(sink: KeySink, value: number): void {
  makeRoom(sink, 8);
  if (Number.isNaN(value)) sink.bytes.writeBigUInt64BE(0x7ff8_0000_0000_0000n, sink.length);
  else sink.bytes.writeDoubleBE(value, sink.length);
  sink.length += 8;
}

/** Tag, length and two's complement, one bit more than the magnitude needs. */
export function putInt(sink: KeySink, value: bigint): void {
  putTag(sink, "i");
  if (value >= 0n && value < 128n) {
    putByte(sink, 1);
    putByte(sink, Number(value));
    return;
  }
  const magnitude = (value < 0n ? -value : value).toString(16);
  const bits = (magnitude.length - 1) * 4 + 32 - Math.clz32(Number.parseInt(magnitude.charAt(0), 16));
  const count = Math.floor(bits / 8) + 1;
  putSize(sink, count);
  putBytes(
    sink,
    Buffer.from(
      BigInt.asUintN(count * 8, value)
        .toString(16)
        .padStart(count * 2, "0"),
      "hex",
    ),
  );
}
