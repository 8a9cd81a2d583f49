import { fail, type Result } from "../base/result.ts";
import type { MemoryImage, OutsideReader } from "../cpython/memory-image.ts";
import type { TargetError } from "../model/target-error.ts";
import type { Progress } from "../model/progress.ts";
import type { FileMapping } from "./find-interpreter.ts";
import type { ReadAt } from "./read-at.ts";

export interface CoreFile extends Disposable {
  readonly image: MemoryImage; readonly mappings: readonly FileMapping[]; readonly pid: number | null; readonly command: readonly string[];
  readonly takenAtMs: number; readonly memory: OutsideReader; readonly warnings: readonly string[];
  openMappedFile(path: string): ReadAt | null;
}
export async function openCore(file: string, options: { progress: Progress; executable?: string }): Promise<Result<CoreFile, TargetError>> {
  void options;
  return fail({ code: "core-unreadable", file, detail: "pending" });
}
