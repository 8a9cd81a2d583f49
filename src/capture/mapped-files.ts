// The files a target has mapped, opened up front so that they can be read after it has gone or was upgraded on disk.
// Three ways lead to a file, best first: map_files (the very inode, needs privilege), the target's own root directory
// (containers), the plain path (a chroot: maps then shows our view). The last two may meet another file of that name,
// so an inode that differs is only taken when nothing better opens; overlay file systems report other inodes.

import { closeSync, constants, fstatSync, openSync } from "node:fs";
import type { ProcFs } from "./proc-fs.ts";
import type { ProcessMapping } from "./proc-maps.ts";
import { fileReadAt, type ReadAt } from "./read-at.ts";

export interface MappedFiles extends Disposable {
  /** The file mapped under `path`, or null. Stays valid until these files are disposed; disposing it does nothing. */
  open(path: string): ReadAt | null;
}

/** A process may map thousands of data files; those with code or constants come first and are enough. */
const MOST_FILES = 512;

export function openMappedFiles(proc: ProcFs, pid: number, mappings: readonly ProcessMapping[]): MappedFiles {
  const files = new Map<string, ReadAt>();
  const tried = new Set<string>();
  for (const mapping of mappings) {
    if (!isWanted(mapping) || tried.has(mapping.path) || files.size >= MOST_FILES) continue;
    tried.add(mapping.path);
    const file = openMapping(proc, pid, mapping);
    if (file !== null) files.set(mapping.path, file);
  }
  return {
    open: (path) => {
      const file = files.get(path);
      return file === undefined ? null : { ...file, [Symbol.dispose]: () => {} };
    },
    [Symbol.dispose]: () => {
      for (const file of files.values()) file[Symbol.dispose]();
      files.clear();
    },
  };
}

function isWanted(mapping: ProcessMapping): boolean {
  return mapping.private && mapping.inode !== 0 && mapping.path.startsWith("/") && !mapping.path.startsWith("/dev/");
}

function openMapping(proc: ProcFs, pid: number, mapping: ProcessMapping): ReadAt | null {
  const range = `${mapping.start.toString(16)}-${mapping.end.toString(16)}`;
  const exact = openRegular(`${proc.root}/${pid}/map_files/${range}`);
  if (exact !== null) return exact.file;
  const inRoot = openRegular(`${proc.root}/${pid}/root${mapping.path}`);
  if (inRoot?.inode === mapping.inode) return inRoot.file;
  const plain = openRegular(mapping.path);
  if (plain?.inode === mapping.inode) {
    inRoot?.file[Symbol.dispose]();
    return plain.file;
  }
  plain?.file[Symbol.dispose]();
  return inRoot?.file ?? null;
}

function openRegular(path: string): { readonly file: ReadAt; readonly inode: number } | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  const file = fileReadAt(fd);
  if (file !== null) return { file, inode: fstatSync(fd).ino };
  closeSync(fd);
  return null;
}
