// Finds CPython in a process: the file that holds it, its version, and the addresses of its exported objects.
// Works on mappings and three ways to read, so that a live process, a core file and a test look the same.
//
// Symbols are bound as the loader binds them: a program that defines a name wins over its libraries. That is no detail:
// a program linked without -fPIC holds `_Py_NoneStruct` or `PyType_Type` itself (copy relocation), and the library's own
// copy is then dead.

import type { Addr } from "../base/brand.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { Interpreter } from "../cpython/interpreter.ts";
import type { TargetError } from "../model/target-error.ts";
import { type ElfFile, loadBias, readElf } from "./elf.ts";
import { PF_W, PT_LOAD } from "./elf-format.ts";
import { BUILD_MARKERS, HOST_SYMBOL, INTERPRETER_SYMBOLS, VERSION_SYMBOL } from "./interpreter-symbols.ts";
import { type FileMapping, groupByFile, isSameFile, type MappedFile, readThroughMemory } from "./elf-mapped.ts";
import {
  type MemoryRange,
  type PythonVersion,
  type ReadMemory,
  versionFromConstant,
  versionFromDebugOffsets,
  versionFromText,
} from "./python-version.ts";
import type { ReadAt } from "./read-at.ts";

export type { FileMapping } from "./elf-mapped.ts";

/** What the answer depends on besides the bytes. */
export interface FinderContext {
  /** For messages; null for a core file. */
  readonly pid: number | null;
  /** Minor versions we have tables for, such as "3.11". */
  readonly supported: readonly string[];
  /** Those of them that are also wanted when they were built without a GIL; others are refused by name. */
  readonly supportedFreeThreaded?: readonly string[];
}

const ALL_SYMBOLS: readonly string[] = [
  ...INTERPRETER_SYMBOLS,
  HOST_SYMBOL,
  VERSION_SYMBOL,
  ...BUILD_MARKERS.map((marker) => marker.symbol),
];

/** An ELF file in its place. */
interface Module {
  readonly path: string;
  readonly elf: ElfFile;
  readonly bias: number;
  readonly symbols: ReadonlyMap<string, Addr>;
}

/**
 * `openMapped` opens a mapped file by the path the target sees (through /proc/PID/root, or a core's sysroot), null when
 * it cannot. A file that is not the mapped one any more is noticed and read through memory instead.
 */
export function findInterpreter(
  mappings: readonly FileMapping[],
  openMapped: (path: string) => ReadAt | null,
  readMemory: ReadMemory,
  context: FinderContext,
): Result<Interpreter, TargetError> {
  const files = groupByFile(mappings);
  const program = files[0];
  if (program === undefined) return fail(notPython(context, "unknown"));
  const host = findHost(files, openMapped, readMemory);
  if (!host.ok)
    return fail(
      host.error === "not-64-bit"
        ? { ...notPython(context, program.path), code: "not-64-bit" }
        : notPython(context, program.path),
    );
  const interposed = program.path === host.value.path ? null : openModule(program, openMapped, readMemory);
  const symbols =
    interposed !== null && interposed.ok
      ? new Map([...host.value.symbols, ...interposed.value.symbols])
      : host.value.symbols;
  return describe(host.value, symbols, readMemory, context);
}

function notPython(context: FinderContext, executable: string): TargetError & { readonly code: "not-python" } {
  return { code: "not-python", pid: context.pid, executable };
}

/** The program itself, then libpython, then whatever is called python, then everything else that is mapped. */
function findHost(
  files: readonly MappedFile[],
  openMapped: (path: string) => ReadAt | null,
  readMemory: ReadMemory,
): Result<Module, "not-64-bit" | "absent"> {
  let is32Bit = false;
  for (const [position, file] of inOrder(files).entries()) {
    const module = openModule(file, openMapped, readMemory);
    if (module.ok && isHost(module.value)) return module;
    if (!module.ok && position === 0 && module.error === "not-64-bit") is32Bit = true;
  }
  return fail(is32Bit ? "not-64-bit" : "absent");
}

function inOrder(files: readonly MappedFile[]): MappedFile[] {
  const [program, ...others] = files;
  return program === undefined ? [] : [program, ...others.sort((a, b) => rank(a.path) - rank(b.path))];
}

function rank(path: string): number {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (/^libpython.*\.so/.test(name)) return 0;
  return name.startsWith("python") ? 1 : 2;
}

function isHost(module: Module): boolean {
  return module.symbols.has(HOST_SYMBOL) && module.symbols.has("PyType_Type");
}

function openModule(
  file: MappedFile,
  openMapped: (path: string) => ReadAt | null,
  readMemory: ReadMemory,
): Result<Module, "not-64-bit" | "unreadable"> {
  const inMemory = readThroughMemory(file, readMemory);
  using onDisk = openMapped(file.path);
  const useDisk = onDisk !== null && isSameFile(onDisk, inMemory);
  const elf = readElf(useDisk ? onDisk : inMemory);
  if (!elf.ok) return fail(elf.error.kind === "not-64-bit" ? "not-64-bit" : "unreadable");
  const bias = loadBias(elf.value.segments, file.ranges);
  if (bias === null) return fail("unreadable");
  const values = elf.value.symbols(ALL_SYMBOLS, useDisk ? 0 : bias);
  const symbols = new Map(Array.from(values, ([name, value]) => [name, (value + bias) as Addr]));
  return ok({ path: file.path, elf: elf.value, bias, symbols });
}

function describe(
  host: Module,
  symbols: ReadonlyMap<string, Addr>,
  readMemory: ReadMemory,
  context: FinderContext,
): Result<Interpreter, TargetError> {
  const runtime = symbols.get("_PyRuntime");
  const offsets = runtime === undefined ? null : versionFromDebugOffsets(readMemory, runtime);
  const version = offsets?.version ?? versionOf(host, symbols, readMemory);
  if (version === null) return fail(unknownVersion(host, context));
  if (!context.supported.includes(`${version.major}.${version.minor}`) || runtime === undefined) {
    return fail({ code: "unsupported-version", version: version.text, supported: context.supported });
  }
  const builds = new Set(BUILD_MARKERS.flatMap(({ symbol, build }) => (symbols.has(symbol) ? [build] : [])));
  if (offsets?.freeThreaded === true) builds.add("free-threaded");
  const freeThreaded = builds.has("free-threaded");
  if (context.supportedFreeThreaded?.includes(`${version.major}.${version.minor}`) === true)
    builds.delete("free-threaded");
  const [build] = builds;
  if (build !== undefined) return fail({ code: "unsupported-build", version: version.text, build });
  const wanted = INTERPRETER_SYMBOLS.flatMap((name) => {
    const address = symbols.get(name);
    return address === undefined ? [] : [[name, address] as const];
  });
  return ok({ versionHex: version.hex, freeThreaded, file: host.path, symbols: new Map(wanted) });
}

function versionOf(host: Module, symbols: ReadonlyMap<string, Addr>, readMemory: ReadMemory): PythonVersion | null {
  const constant = symbols.get(VERSION_SYMBOL);
  return (
    (constant === undefined ? null : versionFromConstant(readMemory, constant)) ??
    versionFromText(readMemory, writableRanges(host))
  );
}

function writableRanges(host: Module): MemoryRange[] {
  return host.elf.segments
    .filter((segment) => segment.type === PT_LOAD && (segment.flags & PF_W) !== 0)
    .map((segment) => ({ address: segment.address + host.bias, bytes: segment.memoryBytes }));
}

// Py_GetVersion() runs while sys is made, so a missing text means that Python has not come that far. The name of the file
// may still tell that waiting would not help: libpython2.7.so.1.0, python3.7m.
function unknownVersion(host: Module, context: FinderContext): TargetError {
  const named = /python(\d)\.?(\d+)/.exec(host.path);
  const version = named === null ? null : `${named[1]}.${named[2]}`;
  if (version === null || context.supported.includes(version))
    return { code: "interpreter-not-initialised", pid: context.pid };
  return { code: "unsupported-version", version, supported: context.supported };
}
