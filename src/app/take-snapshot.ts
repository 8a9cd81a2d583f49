// `deadweight snapshot`: reads a target and writes a snapshot file.

import { ok, type Result } from "../base/result.ts";
import type { SnapshotReport } from "../model/heap-reports.ts";
import { type HeapError, readTarget } from "./open-heap.ts";
import type { ReadTargetOptions } from "./read-target.ts";
import { writeSnapshotFile } from "./snapshot-file/write-snapshot-file.ts";

export async function takeSnapshot(
  target: string,
  file: string,
  options: ReadTargetOptions,
): Promise<Result<SnapshotReport, HeapError>> {
  const read = await readTarget(target, options);
  if (!read.ok) return read;
  const { meta, nodes, refs } = read.value;
  const written = await writeSnapshotFile(read.value, file, { progress: options.progress });
  if (!written.ok) return written;
  return ok({
    schema: "deadweight/snapshot@1",
    python: meta.python,
    nodes: nodes.count - 1,
    edges: refs.edgeTarget.length,
    liveBytes: meta.liveBytes,
    copiedBytes: meta.copiedBytes,
    pauseMs: meta.pauseMs,
    exactness: meta.exactness,
    collecting: meta.collector.collecting,
    threads: meta.threads,
    file,
    fileBytes: written.value.fileBytes,
    warnings: meta.warnings,
  });
}
