// Says which interpreter a process runs, before anything is stopped or copied: a wrong target costs a few small reads.

import { fail, ok, type Result } from "../base/result.ts";
import { type FileMapping, findInterpreter } from "../capture/find-interpreter.ts";
import { openTarget } from "../capture/open-target.ts";
import { createMemoryReader } from "../capture/outside-reader.ts";
import { openProcFs } from "../capture/proc-fs.ts";
import type { ProcessMapping } from "../capture/proc-maps.ts";
import type { ReadAt } from "../capture/read-at.ts";
import type { Interpreter } from "../cpython/interpreter.ts";
import { checkDebugOffsets, DEBUG_OFFSETS_BYTES } from "../cpython/debug-offsets.ts";
import type { Layout } from "../cpython/layout.ts";
import { freeThreadedVersions, layoutForVersion, supportedVersions } from "../cpython/layout-for-version.ts";
import type { OutsideReader } from "../cpython/memory-image.ts";
import { versionText } from "../cpython/version-text.ts";
import type { TargetError } from "../model/target-error.ts";

/** An interpreter whose structs we know, and that says the same of itself where it can. */
export interface KnownInterpreter {
  readonly interpreter: Interpreter;
  readonly layout: Layout;
}

/** Identifies a live process. Reads only; the process keeps running. */
export function identifyProcess(pid: number): Result<KnownInterpreter, TargetError> {
  const proc = openProcFs();
  const opened = openTarget(pid, proc);
  if (!opened.ok) return opened;
  using target = opened.value;
  const memoryFile = proc.open(`${pid}/mem`);
  if (!memoryFile.ok) return fail({ code: "exited-during-read", pid });
  using file = memoryFile.value;
  const mapped = target.mappings.filter((mapping) => mapping.inode !== 0);
  return identify(mapped, (path) => target.files.open(path), createMemoryReader(file), pid);
}

/** Identifies the interpreter behind any memory: a process or a core file. */
export function identify(
  mappings: readonly (FileMapping | ProcessMapping)[],
  openMapped: (path: string) => ReadAt | null,
  memory: OutsideReader,
  pid: number | null,
): Result<KnownInterpreter, TargetError> {
  const found = findInterpreter(mappings, openMapped, (address, length) => memory.read(address, length), {
    pid,
    supported: supportedVersions,
    supportedFreeThreaded: freeThreadedVersions,
  });
  if (!found.ok) return found;
  const interpreter = found.value;
  const layout = layoutForVersion(interpreter.versionHex, interpreter.freeThreaded);
  if (layout === null)
    return fail({
      code: "unsupported-version",
      version: versionText(interpreter.versionHex, interpreter.freeThreaded),
      supported: supportedVersions,
    });
  const disagreement = checkSelfDescription(interpreter, layout, memory);
  return disagreement === null ? ok({ interpreter, layout }) : fail(disagreement);
}

/** 3.13+ describes its structs itself: believed only where it agrees with our table. */
function checkSelfDescription(interpreter: Interpreter, layout: Layout, memory: OutsideReader): TargetError | null {
  const runtime = interpreter.symbols.get("_PyRuntime");
  if (runtime === undefined || interpreter.versionHex < 0x030d0000) return null;
  const problems = checkDebugOffsets(memory.read(runtime, DEBUG_OFFSETS_BYTES), layout);
  if (problems.length === 0) return null;
  return {
    code: "layout-mismatch",
    version: versionText(interpreter.versionHex, interpreter.freeThreaded),
    detail: problems.slice(0, 3).join("; "),
  };
}
