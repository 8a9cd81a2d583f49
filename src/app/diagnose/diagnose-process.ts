// The use case of `deadweight diagnose`: which process, what happens in it, whose fault it is.

import { homedir } from "node:os";
import { join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Diagnosis } from "../../model/diagnosis.ts";
import type { Progress } from "../../model/progress.ts";
import type { LoadReader } from "../../capture/process-signals/load-reader.ts";
import { openLoad } from "../watch/open-load.ts";
import { explainHeapError, type HeapError } from "../open-heap.ts";
import { openCacheFolder } from "../scan/cache-folder.ts";
import { scanVersion } from "../scan/scan-version.ts";
import { assembleDiagnosis } from "../../diagnose/assemble-diagnosis.ts";
import { judgeObservation, suspectsOf } from "../../diagnose/judge-observation.ts";
import { chooseByPattern, chooseByPid, type ChosenTarget } from "./choose-target.ts";
import { modulesConcerned } from "../../diagnose/modules-concerned.ts";
import { knownLeaks } from "../explain/known-leaks-file.ts";
import { type EndedTooSoon, observeProcess } from "./observe-process.ts";
import { readProject } from "./read-project.ts";
import { startCommand } from "./start-command.ts";

export type AskedTarget =
  | { readonly kind: "pid"; readonly pid: number }
  | { readonly kind: "match"; readonly pattern: RegExp }
  | { readonly kind: "command"; readonly words: readonly string[] };

export interface DiagnoseAsked {
  readonly target: AskedTarget;
  readonly forSeconds: number;
  readonly samplesPerSecond: number;
  readonly snapshots: number | null;
  /** A command that prints a number, or URL#METRIC; null: CPU time. */
  readonly load: string | null;
  readonly keepFolder: string | null;
  readonly maxPauseMs: number;
  readonly toolVersion: string;
  readonly progress: Progress;
}

/** An expected failure in words. */
export interface DiagnoseProblem {
  readonly code: string;
  readonly message: string;
}

export async function diagnoseProcess(asked: DiagnoseAsked): Promise<Result<Diagnosis, DiagnoseProblem>> {
  const load = openLoad(asked.load);
  if (!load.ok) return fail({ code: "usage", message: load.error });
  const { target } = asked;
  switch (target.kind) {
    case "pid":
      return await diagnoseChosen(chooseByPid(target.pid), asked, load.value);
    case "match": {
      const chosen = chooseByPattern(target.pattern);
      return chosen.ok
        ? await diagnoseChosen(chosen.value, asked, load.value)
        : fail({ code: "no-target", message: chosen.error });
    }
    case "command": {
      const started = await startCommand(target.words);
      if (!started.ok) return fail({ code: "not-started", message: started.error });
      await using command = started.value;
      return await diagnoseChosen(command.target, asked, load.value);
    }
  }
}

async function diagnoseChosen(
  { pid, workers, notices }: ChosenTarget,
  asked: DiagnoseAsked,
  load: LoadReader | null,
): Promise<Result<Diagnosis, DiagnoseProblem>> {
  const observed = await observeProcess(pid, {
    forMs: asked.forSeconds * 1000,
    rateHz: asked.samplesPerSecond,
    snapshots: asked.snapshots,
    load,
    keepFolder: asked.keepFolder,
    maxPauseMs: asked.maxPauseMs,
    progress: asked.progress,
  });
  if (!observed.ok) return fail(inWords(observed.error));
  const observation = observed.value;
  asked.progress({ phase: "comparing", done: 0, total: null, unit: "steps" });
  const judged = judgeObservation(observation);
  asked.progress({ phase: "reading the sources", done: 0, total: null, unit: "files" });
  const suspects = suspectsOf(judged);
  const source = await readProject({
    analysis: observation.last.analysis,
    pid: observation.end.how === "exited" ? null : pid,
    concerned: modulesConcerned(suspects.map(({ growth }) => growth)),
    cacheFolder: openCacheFolder("/", userCache(), process.env),
    version: scanVersion(asked.toolVersion),
  });
  return ok(assembleDiagnosis(judged, { source, known: knownLeaks(), workers, notices }));
}

/** Not beside the program, as a scan of its folder would have it: whoever diagnoses may be in any folder. */
function userCache(): string {
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "deadweight", "processes");
}

function inWords(error: HeapError | EndedTooSoon): DiagnoseProblem {
  if (error.code !== "ended-too-soon") return { code: error.code, message: explainHeapError(error) };
  return {
    code: error.code,
    message: `Process ${error.pid} ended after ${(error.afterMs / 1000).toFixed(0)} s, before a second snapshot could be taken: growth cannot be named. Watch it from its start: deadweight diagnose -- COMMAND`,
  };
}
