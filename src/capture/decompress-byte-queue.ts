// Turns chunks of any size into "the next n bytes". Holds no more than one chunk and what was asked for.

export interface ByteQueue {
  /** Waits until `count` bytes are there; false when the input ends before. */
  fill(count: number): Promise<boolean>;
  /** The next `count` bytes, which `fill` promised. Valid until the next `fill`. */
  take(count: number): Uint8Array;
}

export function createByteQueue(input: AsyncIterable<Uint8Array>): ByteQueue {
  const chunks = input[Symbol.asyncIterator]();
  let held = new Uint8Array(0);
  return {
    async fill(count) {
      const parts = [held];
      let bytes = held.length;
      while (bytes < count) {
        const next = await chunks.next();
        if (next.done === true) break;
        parts.push(new Uint8Array(next.value.buffer as ArrayBuffer, next.value.byteOffset, next.value.byteLength));
        bytes += next.value.length;
      }
      if (parts.length > 1) held = concatenate(parts, bytes);
      return bytes >= count;
    },
    take(count) {
      const taken = held.subarray(0, count);
      held = held.subarray(count);
      return taken;
    },
  };
}

function concatenate(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
