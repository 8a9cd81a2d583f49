// Random access to the bytes of a file, an already read buffer, or anything else that can answer "give me n bytes at x".
// A reader never throws: what cannot be had is simply missing from the answer, and the caller checks the length.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** Bytes by offset. */
export interface ReadAt extends Disposable {
  /** Bytes there are. */
  readonly size: number;
  /** Up to `length` bytes at `offset`; fewer at the end of the file or when the system refuses. Never throws. */
  read(offset: number, length: number): Uint8Array;
  /** The same into `target`; answers the number of bytes it filled. */
  readInto(target: Uint8Array, offset: number): number;
}

/** Opens a regular file, or answers null when there is none that we may read. */
export function openReadAt(path: string): ReadAt | null {
  let fd: number;
  try {
    // Without O_NONBLOCK a fifo would block the open for ever.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  const reader = fileReadAt(fd);
  if (reader === null) closeSync(fd);
  return reader;
}

/** Wraps an open descriptor of a regular file; disposing closes it. Null when it is no regular file. */
export function fileReadAt(fd: number): ReadAt | null {
  const status = fstatSync(fd);
  if (!status.isFile()) return null;
  return {
    size: status.size,
    read: (offset, length) => readBytes(fd, offset, Math.min(length, status.size - offset)),
    readInto: (target, offset) => fill(fd, target, offset),
    [Symbol.dispose]: () => closeSync(fd),
  };
}

/** The same over bytes we hold already. */
export function bytesReadAt(bytes: Uint8Array): ReadAt {
  const read = (offset: number, length: number): Uint8Array =>
    isPosition(offset)
      ? bytes.subarray(offset, Math.min(bytes.length, offset + Math.max(0, length)))
      : new Uint8Array(0);
  return {
    size: bytes.length,
    read,
    readInto: (target, offset) => {
      const part = read(offset, target.length);
      target.set(part);
      return part.length;
    },
    [Symbol.dispose]: () => {},
  };
}

function readBytes(fd: number, offset: number, length: number): Uint8Array {
  if (!isPosition(offset) || !(length > 0)) return new Uint8Array(0);
  const bytes = new Uint8Array(length);
  const filled = fill(fd, bytes, offset);
  return filled === length ? bytes : bytes.subarray(0, filled);
}

// Offsets come from hostile headers: a 64-bit value above 2^53 or a negative difference is "not there".
function isPosition(offset: number): boolean {
  return Number.isSafeInteger(offset) && offset >= 0;
}

function fill(fd: number, target: Uint8Array, offset: number): number {
  let filled = 0;
  if (!isPosition(offset)) return 0;
  try {
    while (filled < target.length) {
      // One read(2) moves at most 2 GiB - 4 KiB and fs refuses lengths above 2^31 - 1.
      const step = Math.min(target.length - filled, 1 << 30);
      const got = readSync(fd, target, filled, step, offset + filled);
      if (got === 0) break;
      filled += got;
    }
  } catch {
    // EIO, EFAULT, ESTALE: what was read so far is the answer.
  }
  return filled;
}
