// Has a process write its heap down itself, and reads that: for what cannot be read from outside.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import type { Snapshot } from "../../heap/snapshot.ts";
import type { Progress } from "../../model/progress.ts";
import { runInTarget } from "../attach/run-in-target.ts";
import { readInsideFile } from "../snapshot-file/read-inside-file.ts";
import { insideCall } from "./inside-call.ts";
import { openLeash } from "./leash.ts";
import { insideError } from "./read-fork.ts";
import type { HelpedSnapshotError } from "./snapshot-way.ts";

const LOOK_EVERY_MS = 50;

/** Ends when the process has written all, has failed, or has ended; it ends by itself when we do. */
export async function readFromInside(
  pid: number,
  options: { readonly values: boolean; readonly progress: Progress },
): Promise<Result<Snapshot, HelpedSnapshotError>> {
  const opened = await openLeash();
  if (!opened.ok) return fail({ code: "inside-failed", pid, detail: opened.error });
  await using leash = opened.value;
  const given = [leash.folder, leash.socketPath].map((path) => JSON.stringify(path)).join(", ");
  const values = options.values ? "True" : "False";
  const source = insideCall({
    modules: ["_heap_injected", "_heap_snapshot"],
    expression: `_heap_injected.start(${given}, ${values}, _heap_snapshot.write_snapshot)`,
    goesOn: true,
  });
  const called = await runInTarget(pid, source);
  if (!called.ok) return fail(insideError(pid, called.error));
  options.progress({ phase: "writing from inside", done: 0, total: null, unit: "objects" });
  const failure = await untilWritten(pid, leash.folder);
  if (failure !== null) return fail({ code: "inside-failed", pid, detail: failure.replace(/\.$/, "") });
  const read = readInsideFile(join(leash.folder, "heap"), options.progress);
  return read.ok ? ok(read.value) : fail({ code: "heap", error: read.error });
}

/** Null, or why there is nothing. */
async function untilWritten(pid: number, folder: string): Promise<string | null> {
  const proc = openProcFs();
  const [heap, failed] = [join(folder, "heap"), join(folder, "failed")];
  while (!existsSync(heap)) {
    if (existsSync(failed)) return readFileSync(failed, "utf8");
    if (!proc.list(`${pid}/task`).ok) return existsSync(heap) ? null : "it ended before it was done";
    await sleep(LOOK_EVERY_MS);
  }
  return null;
}
