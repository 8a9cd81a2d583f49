// Opens a core file, written by the kernel, gcore or coredumpctl (compressed or not), as memory to read: the same image a
// live capture makes, so that nothing behind this file knows the difference.

import { accessSync, constants, statSync } from "node:fs";
import { formatBytes } from "../base/format-bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { MemoryImage, OutsideReader } from "../cpython/memory-image.ts";
import type { Progress } from "../model/progress.ts";
import type { TargetError } from "../model/target-error.ts";
import { copyCoreImage } from "./core-image.ts";
import { type CoreMappedFiles, createCoreMappedFiles } from "./core-mapped-files.ts";
import { readCoreMemory, readDumped } from "./core-memory.ts";
import { type CoreNotes, readCoreNotes } from "./core-notes.ts";
import { type CoreSegments, selectSegments } from "./core-segments.ts";
import { compressionOf, decompressFile } from "./decompress-file.ts";
import { type ElfFile, readElf } from "./elf.ts";
import { ELF_MAGIC, viewOf } from "./elf-format.ts";
import { groupByFile, readThroughMemory } from "./elf-mapped.ts";
import { type FileMapping, findInterpreter } from "./find-interpreter.ts";
import { openReadAt, type ReadAt } from "./read-at.ts";

export interface CoreOptions {
  readonly progress: Progress;
  /** The program that wrote the core, when it is not where it was. Libraries are looked for beside it as well. */
  readonly executable?: string;
  /** Folder that stands for "/" when the core's files are looked for. */
  readonly sysroot?: string;
  /** The copy goes to a SharedArrayBuffer, for worker threads. */
  readonly shared?: boolean;
}

export interface CoreFile extends Disposable {
  readonly image: MemoryImage;
  readonly mappings: readonly FileMapping[];
  readonly pid: number | null;
  readonly command: readonly string[];
  readonly threadCount: number;
  /** When the core was written: the file's time of last change. */
  readonly takenAtMs: number;
  /** Any address: what was dumped, else the mapped files on disk. */
  readonly memory: OutsideReader;
  readonly warnings: readonly string[];
  /** The file mapped under `path`, when this machine has the same one. */
  openMappedFile(path: string): ReadAt | null;
}

/** Opens `path` and copies the writable memory. The core itself stays open until it is disposed. */
export async function openCore(path: string, options: CoreOptions): Promise<Result<CoreFile, TargetError>> {
  const opened = await openUncompressed(path, options.progress);
  if (!opened.ok) return opened;
  const core = opened.value;
  const parsed = parseCore(path, core);
  if (!parsed.ok) return disposed(core, parsed);
  const { notes, segments } = parsed.value;
  const dumped = readDumped(core, segments.dumped);
  const files = createCoreMappedFiles(notes.mappings, (address, length) => dumped.read(address, length), options);
  const memory = readCoreMemory(dumped, notes.mappings, (file) => files.open(file));
  const absent = interpreterProblem(path, notes, files, memory);
  if (absent !== null) return disposed(files, disposed(core, fail(absent)));
  const { writable } = segments;
  const image = await copyCoreImage({
    name: path,
    core,
    writable,
    outside: memory,
    isShared: options.shared === true,
    progress: options.progress,
  });
  if (!image.ok) return disposed(files, disposed(core, image));
  return ok({
    image: image.value,
    ...notes,
    takenAtMs: statSync(path).mtimeMs,
    memory,
    warnings: warningsOf(notes, segments, files, dumped),
    openMappedFile: (file) => files.open(file),
    [Symbol.dispose]() {
      files[Symbol.dispose]();
      core[Symbol.dispose]();
    },
  });
}

function disposed<T>(resource: Disposable, value: T): T {
  resource[Symbol.dispose]();
  return value;
}

async function openUncompressed(path: string, progress: Progress): Promise<Result<ReadAt, TargetError>> {
  const file = openReadAt(path);
  if (file === null) return fail({ code: "core-unreadable", file: path, detail: whyNotOpen(path) });
  const compression = compressionOf(file.read(0, 4));
  if (compression === null) return ok(file);
  file[Symbol.dispose]();
  const decompressed = await decompressFile(path, compression, file.size, progress);
  return decompressed.ok
    ? decompressed
    : fail({ code: "core-unreadable", file: path, detail: decompressed.error.detail });
}

function whyNotOpen(path: string): string {
  try {
    if (!statSync(path).isFile()) return "it is no regular file";
    accessSync(path, constants.R_OK);
    return "it cannot be opened";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT") return "there is no such file";
    // The kernel and systemd write cores for their owner alone.
    return code === "EACCES"
      ? "it belongs to another user and may not be read; try it with sudo"
      : "it cannot be opened";
  }
}

interface ParsedCore {
  readonly notes: CoreNotes;
  readonly segments: CoreSegments;
}

function parseCore(path: string, core: ReadAt): Result<ParsedCore, TargetError> {
  const elf = readElf(core);
  if (!elf.ok && elf.error.kind === "not-64-bit") return fail({ code: "not-64-bit", pid: null, executable: path });
  if (!elf.ok)
    return fail({ code: "core-unreadable", file: path, detail: core.size === 0 ? "it is empty" : elf.error.detail });
  if (elf.value.type !== "core") return fail({ code: "core-unreadable", file: path, detail: whatInstead(elf.value) });
  const notes = readCoreNotes(core, elf.value.segments);
  const segments = selectSegments(path, core.size, elf.value.segments, notes.mappings);
  if (!segments.ok) return segments;
  return notes.mappings.length === 0
    ? fail({
        code: "core-incomplete",
        file: path,
        detail: "it does not list the files that were mapped (no NT_FILE note), so the interpreter cannot be found",
      })
    : ok({ notes, segments: segments.value });
}

function whatInstead(elf: ElfFile): string {
  switch (elf.type) {
    case "executable":
      return "it is a program, not a core file";
    case "shared":
      return "it is a program or shared library, not a core file";
    default:
      return "it is an ELF file of another kind, not a core file";
  }
}

// Looked for before gigabytes are copied. When a file could not be had, that is the news, not "this is no Python".
function interpreterProblem(
  path: string,
  notes: CoreNotes,
  files: CoreMappedFiles,
  memory: OutsideReader,
): TargetError | null {
  const found = findInterpreter(
    notes.mappings,
    (file) => files.open(file),
    (address, length) => memory.read(address, length),
    { pid: notes.pid, supported: [] },
  );
  if (found.ok || found.error.code !== "not-python") return null;
  const [file, problem] = likelyInterpreter([...files.problems()], notes.mappings) ?? [];
  if (file === undefined || problem === undefined) return found.error;
  return {
    code: "core-needs-file",
    file: path,
    mapped: file,
    problem,
  };
}

function likelyInterpreter(
  problems: readonly (readonly [string, string])[],
  mappings: readonly FileMapping[],
): readonly [string, string] | undefined {
  const program = mappings[0]?.path;
  return (
    problems.find(([file]) => /\/libpython[^/]*$/.test(file)) ??
    problems.find(([file]) => /\/python[^/]*$/.test(file)) ??
    problems.find(([file]) => file === program)
  );
}

function warningsOf(notes: CoreNotes, segments: CoreSegments, files: CoreMappedFiles, dumped: OutsideReader): string[] {
  const warnings: string[] = [];
  if (segments.omittedBytes > 0)
    warnings.push(
      `The core leaves out ${formatBytes(segments.omittedBytes)} of writable memory; objects in it are missing.`,
    );
  for (const file of groupByFile(notes.mappings)) {
    const isCode = viewOf(readThroughMemory(file, (address, length) => dumped.read(address, length)).read(0, 4));
    if (isCode.byteLength === 4 && isCode.getUint32(0, false) === ELF_MAGIC) files.open(file.path);
  }
  const problems = [...files.problems()];
  const [file, problem] = problems[0] ?? [];
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  if (file !== undefined) warnings.push(`${file} ${problem}${others}: names of types that it defines may be missing.`);
  return warnings;
}
