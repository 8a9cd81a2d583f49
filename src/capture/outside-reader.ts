// Reads what the copy does not hold: constants in read-only mappings, mostly type names. Asks the living target first,
// because relocated constants differ from the file; then the file, which still answers when the target has gone.

import type { Addr } from "../base/brand.ts";
import type { OutsideReader } from "../cpython/memory-image.ts";
import type { MappedFiles } from "./mapped-files.ts";
import type { OpenFile } from "./proc-fs.ts";
import { findMapping, type ProcessMapping } from "./proc-maps.ts";

const NOTHING = new Uint8Array(0);

export function createOutsideReader(
  mappings: readonly ProcessMapping[],
  memory: OpenFile,
  files: MappedFiles,
): OutsideReader {
  const live = createMemoryReader(memory);
  let isGone = false;
  return {
    read(address, length) {
      const mapping = findMapping(mappings, address);
      if (mapping === null || !(length > 0)) return NOTHING;
      const wanted = Math.min(length, mapping.end - address);
      const bytes = isGone ? NOTHING : live.read(address, wanted);
      if (bytes.length > 0) return bytes;
      isGone ||= live.isGone();
      if (mapping.inode === 0) return NOTHING;
      return files.open(mapping.path)?.read(mapping.fileOffset + (address - mapping.start), wanted) ?? NOTHING;
    },
  };
}

/** Small reads straight from a process: what the caller's `inspect` gets while the target stands still. */
export function createMemoryReader(memory: OpenFile): OutsideReader & { isGone(): boolean } {
  let gone = false;
  return {
    isGone: () => gone,
    read(address: Addr, length: number) {
      if (!Number.isSafeInteger(address) || address < 0 || !(length > 0)) return NOTHING;
      const bytes = new Uint8Array(length);
      const got = memory.readInto(bytes, 0, length, address);
      // The end of the file means that the address space itself is no more; a bad address is an error.
      if (got === 0) gone = true;
      return got === length ? bytes : bytes.subarray(0, Math.max(0, got));
    },
  };
}
