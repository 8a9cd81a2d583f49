// Reads any address of a core: from what was dumped, and from the mapped files on disk for what was not (kernel cores
// leave out the pages of files that the program never changed: constants, type names, code).

import type { Addr } from "../base/brand.ts";
import type { OutsideReader } from "../cpython/memory-image.ts";
import type { ElfSegment } from "./elf-format.ts";
import { type FileMapping, lastIndexWhere, mappingAt } from "./elf-mapped.ts";
import type { ReadAt } from "./read-at.ts";

const NOTHING = new Uint8Array(0);

/** Only what the core holds. `dumped` ascends by address. */
export function readDumped(core: ReadAt, dumped: readonly ElfSegment[]): OutsideReader {
  return {
    read(address, length) {
      const segment = dumped[lastIndexWhere(dumped, (candidate) => candidate.address <= address)];
      if (segment === undefined) return NOTHING;
      const within = address - segment.address;
      return within >= segment.fileBytes
        ? NOTHING
        : core.read(segment.offset + within, Math.min(length, segment.fileBytes - within));
    },
  };
}

/** The core first, then the files. A read may begin in one and end in the other. */
export function readCoreMemory(
  dumped: OutsideReader,
  mappings: readonly FileMapping[],
  open: (path: string) => ReadAt | null,
): OutsideReader {
  const ascending = [...mappings].sort((a, b) => a.start - b.start);
  const fromFile = (address: Addr, length: number): Uint8Array => {
    const mapping = mappingAt(ascending, address);
    if (mapping === undefined) return NOTHING;
    const offset = mapping.fileOffset + (address - mapping.start);
    return open(mapping.path)?.read(offset, Math.min(length, mapping.end - address)) ?? NOTHING;
  };
  const either = (address: Addr, length: number): Uint8Array => {
    const bytes = dumped.read(address, length);
    return bytes.length > 0 ? bytes : fromFile(address, length);
  };
  return {
    read(address, length) {
      if (!Number.isSafeInteger(address) || address < 0 || !(length > 0)) return NOTHING;
      const first = either(address, length);
      return first.length === 0 || first.length === length ? first : joinReads(first, address, length, either);
    },
  };
}

function joinReads(
  first: Uint8Array,
  address: Addr,
  length: number,
  read: (address: Addr, length: number) => Uint8Array,
): Uint8Array {
  const parts = [first];
  let filled = first.length;
  while (filled < length) {
    const part = read((address + filled) as Addr, length - filled);
    if (part.length === 0) break;
    parts.push(part);
    filled += part.length;
  }
  return parts.length === 1 ? first : Buffer.concat(parts);
}
