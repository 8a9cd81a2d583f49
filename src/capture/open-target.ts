// A target that has passed every check that needs no stop, with the files it has mapped held open.

import { fail, ok, type Result } from "../base/result.ts";
import type { OutsideReader } from "../cpython/memory-image.ts";
import type { TargetError } from "../model/target-error.ts";
import { classifyTarget, type TargetFacts } from "./classify-target.ts";
import { type MappedFiles, openMappedFiles } from "./mapped-files.ts";
import type { ProcFs } from "./proc-fs.ts";
import { type ProcessMapping, readMappings } from "./proc-maps.ts";

export interface OpenTarget extends Disposable {
  readonly facts: TargetFacts;
  /** As they were when it was opened; it runs on and may change them. */
  readonly mappings: readonly ProcessMapping[];
  readonly files: MappedFiles;
}

/** Looks at the stopped target before it is copied; "retry" lets it run a few milliseconds and asks again. */
export type Inspect = (memory: OutsideReader, target: OpenTarget) => "take" | "retry";

export function openTarget(pid: number, proc: ProcFs): Result<OpenTarget, TargetError> {
  const facts = classifyTarget(proc, pid);
  if (!facts.ok) return facts;
  const mappings = readMappings(proc, pid);
  if (!mappings.ok || mappings.value.length === 0) return fail({ code: "exited-during-read", pid });
  const files = openMappedFiles(proc, pid, mappings.value);
  return ok({ facts: facts.value, mappings: mappings.value, files, [Symbol.dispose]: () => files[Symbol.dispose]() });
}
