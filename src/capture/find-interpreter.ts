import type { Addr } from "../base/brand.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { Interpreter } from "../cpython/interpreter.ts";
import { KIND_OF_SYMBOL } from "../cpython/kinds.ts";
import type { TargetError } from "../model/target-error.ts";
import { loadBias, readElf } from "./elf.ts";
import type { ReadAt } from "./read-at.ts";

export interface FileMapping { readonly start: Addr; readonly end: Addr; readonly fileOffset: number; readonly path: string }

export function findInterpreter(
  mappings: readonly FileMapping[], openMapped: (path: string) => ReadAt | null,
  readMemory: (address: Addr, length: number) => Uint8Array, about: { pid: number | null; supported: readonly string[] },
): Result<Interpreter, TargetError> {
  void readMemory;
  const names = ["_PyRuntime", ...KIND_OF_SYMBOL.keys()];
  for (const path of new Set(mappings.map((m) => m.path).filter((p) => /python/.test(p)))) {
    const file = openMapped(path);
    if (file === null) continue;
    const elf = readElf(file);
    if (!elf.ok) continue;
    const found = elf.value.symbols(names);
    const bias = loadBias(elf.value.segments, mappings.filter((m) => m.path === path));
    if (!found.has("_PyRuntime") || bias === null) continue;
    const minor = Number(/python3\.(\d+)/.exec(path)?.[1] ?? 0);
    return ok({ versionHex: 0x030000f0 + minor * 65536, file: path, symbols: new Map([...found].map(([k, v]) => [k, (v + bias) as Addr])) });
  }
  return fail({ code: "not-python", pid: about.pid, executable: "" });
}
