// `deadweight snapshot`: reads a target and writes a snapshot file.

import { fail, ok, type Result } from "../base/result.ts";
import type { Snapshot } from "../heap/snapshot.ts";
import type { SnapshotReport } from "../model/heap-reports.ts";
import { isPid, readTarget } from "./open-heap.ts";
import type { ReadTargetOptions } from "./read-target.ts";
import { readForked } from "./snapshot/read-fork.ts";
import { readFromInside } from "./snapshot/read-inside.ts";
import type { HelpedSnapshotError } from "./snapshot/snapshot-way.ts";
import { writeSnapshotFile } from "./snapshot-file/write-snapshot-file.ts";

export interface TakeSnapshotOptions extends ReadTargetOptions {
  /** "outside": nothing is done in the process but a stop. */
  readonly way: SnapshotReport["way"];
}

export async function takeSnapshot(
  target: string,
  file: string,
  options: TakeSnapshotOptions,
): Promise<Result<SnapshotReport, HelpedSnapshotError>> {
  const read = await readBy(target, options);
  if (!read.ok) return read;
  const { meta, nodes, refs } = read.value;
  const written = await writeSnapshotFile(read.value, file, { progress: options.progress });
  if (!written.ok) return fail({ code: "heap", error: written.error });
  return ok({
    schema: "deadweight/snapshot@1",
    way: meta.source === "inside" || meta.source === "imported" ? meta.source : options.way,
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

async function readBy(target: string, options: TakeSnapshotOptions): Promise<Result<Snapshot, HelpedSnapshotError>> {
  if (options.way === "outside") {
    const read = await readTarget(target, options);
    return read.ok ? read : fail({ code: "heap", error: read.error });
  }
  if (!isPid(target)) return fail({ code: "not-a-process", target });
  return options.way === "fork"
    ? await readForked(Number(target), options)
    : await readFromInside(Number(target), options);
}
