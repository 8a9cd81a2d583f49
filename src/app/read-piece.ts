// A piece of a file, whole: the kernel may give less than was asked at once.

import { readSync } from "node:fs";

/** `length` bytes from `position` on; fewer only where the file ends. Throws as `readSync` does. */
export function readPiece(fd: number, position: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const read = readSync(fd, bytes, done, length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}
