// Finds the files of a core on this machine: at the same path, under a sysroot, or beside the executable that was named.
// A file of that name is not enough: after an upgrade it is another build, and its constants would be read as the
// program's. The build id in the page that every core keeps decides.

import { basename, dirname, join } from "node:path";
import { type FileMapping, groupByFile, isSameFile, type MappedFile, readThroughMemory } from "./elf-mapped.ts";
import { readBuildId } from "./elf-build-id.ts";
import type { ReadMemory } from "./python-version.ts";
import { openReadAt, type ReadAt } from "./read-at.ts";

export interface CoreMappedFiles extends Disposable {
  /** The file that was mapped under `path`; disposing the answer does nothing. */
  open(path: string): ReadAt | null;
  /** Why a file that was asked for could not be had: path and reason. */
  problems(): ReadonlyMap<string, string>;
}

export interface WhereToLook {
  readonly executable?: string;
  readonly sysroot?: string;
}

/** Opens lazily, each path once. `readDumped` reads only what the core itself holds. */
export function createCoreMappedFiles(
  mappings: readonly FileMapping[],
  readDumped: ReadMemory,
  where: WhereToLook,
): CoreMappedFiles {
  const mapped = groupByFile(mappings);
  const byPath = new Map(mapped.map((file) => [file.path, file]));
  const opened = new Map<string, ReadAt | null>();
  const problems = new Map<string, string>();
  return {
    open(path) {
      const file = byPath.get(path);
      if (file === undefined) return null;
      const known = opened.get(path);
      if (known !== undefined) return known === null ? null : borrowed(known);
      const found = findOnDisk(candidates(file, file === mapped[0], where), file, readDumped);
      opened.set(path, found.file);
      if (found.problem !== null) problems.set(path, found.problem);
      return found.file === null ? null : borrowed(found.file);
    },
    problems: () => problems,
    [Symbol.dispose]() {
      for (const file of opened.values()) file?.[Symbol.dispose]();
      opened.clear();
    },
  };
}

function borrowed(file: ReadAt): ReadAt {
  return { ...file, [Symbol.dispose]: () => {} };
}

function candidates(file: MappedFile, isProgram: boolean, where: WhereToLook): string[] {
  const path = file.path.replace(/ \(deleted\)$/, "");
  const { executable, sysroot } = where;
  const inPlace = sysroot === undefined ? path : join(sysroot, path);
  if (executable === undefined) return [inPlace];
  const folder = dirname(executable);
  const beside = [join(folder, basename(path)), join(folder, "../lib", basename(path))];
  return isProgram || basename(path) === basename(executable) ? [executable, inPlace] : [inPlace, ...beside];
}

function findOnDisk(
  paths: readonly string[],
  mapped: MappedFile,
  readDumped: ReadMemory,
): { file: ReadAt | null; problem: string | null } {
  let problem = "is not on this machine";
  for (const path of paths) {
    const file = openReadAt(path);
    if (file === null) continue;
    const difference = differenceOf(file, readThroughMemory(mapped, readDumped));
    if (difference === null) return { file, problem: null };
    problem = difference;
    file[Symbol.dispose]();
  }
  return { file: null, problem };
}

function differenceOf(onDisk: ReadAt, inCore: ReadAt): string | null {
  const [here, there] = [readBuildId(onDisk), readBuildId(inCore)];
  if (here !== null && there !== null) {
    return here === there
      ? null
      : `is another build on this machine (build id ${here.slice(0, 12)}, in the core ${there.slice(0, 12)})`;
  }
  return isSameFile(onDisk, inCore) ? null : "is another file on this machine";
}
