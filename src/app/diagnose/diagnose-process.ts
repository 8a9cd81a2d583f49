// The use case of `deadweight diagnose`: which process, what happens in it, whose fault it is.

import { formatDuration } from "../../base/format-duration.ts";
import { shellWord } from "../../base/format-shell.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Diagnosis } from "../../model/diagnosis.ts";
import { describeEnd } from "../../model/process-end.ts";
import type { Progress } from "../../model/progress.ts";
import type { LoadReader } from "../../capture/process-signals/load-reader.ts";
import { openLoad } from "../watch/open-load.ts";
import { explainHeapError, type HeapError } from "../open-heap.ts";
import { compareDiagnoses } from "../../diagnose/compare-diagnoses.ts";
import { judgeObservation } from "../../diagnose/judge-observation.ts";
import { chooseByPattern, chooseByPid, type ChosenTarget } from "./choose-target.ts";
import { readDiagnosisFile } from "./read-diagnosis-file.ts";
import { replacementOf } from "./replaced-worker.ts";
import { joinSources } from "./join-sources.ts";
import { type EndedTooSoon, observeProcess } from "./observe-process.ts";
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
  /** A diagnosis from before a fix, as --json wrote it; null: compared with nothing. */
  readonly compareFile: string | null;
  readonly maxPauseMs: number;
  readonly toolVersion: string;
  readonly progress: Progress;
  /** Ends the watch early; what was seen until then is judged. */
  readonly signal: AbortSignal;
}

/** An expected failure in words. */
export interface DiagnoseProblem {
  readonly code: string;
  readonly message: string;
}

export async function diagnoseProcess(asked: DiagnoseAsked): Promise<Result<Diagnosis, DiagnoseProblem>> {
  // Asked first: nobody wants to wait for a minute and then hear of a wrong file.
  const before = asked.compareFile === null ? ok(null) : readDiagnosisFile(asked.compareFile);
  if (!before.ok) return fail({ code: "usage", message: before.error });
  const diagnosed = await diagnoseTarget(asked);
  if (!diagnosed.ok || before.value === null) return diagnosed;
  return ok({ ...diagnosed.value, comparison: compareDiagnoses(before.value, diagnosed.value) });
}

async function diagnoseTarget(asked: DiagnoseAsked): Promise<Result<Diagnosis, DiagnoseProblem>> {
  const load = openLoad(asked.load);
  if (!load.ok) return fail({ code: "usage", message: load.error });
  const { target } = asked;
  switch (target.kind) {
    case "pid":
      return await diagnoseChosen(await chooseByPid(target.pid), asked, load.value);
    case "match": {
      const chosen = await chooseByPattern(target.pattern);
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
  const replacement = replacementOf(pid);
  const observed = await observeProcess(pid, {
    forMs: asked.forSeconds * 1000,
    rateHz: asked.samplesPerSecond,
    snapshots: asked.snapshots,
    load,
    keepFolder: asked.keepFolder,
    maxPauseMs: asked.maxPauseMs,
    progress: asked.progress,
    signal: asked.signal,
  });
  if (!observed.ok) return fail(inWords(observed.error, replacement()));
  const replaced = observed.value.end.how === "exited" ? replacement() : null;
  asked.progress({ phase: "comparing", done: 0, total: null, unit: "steps" });
  return ok(
    await joinSources(judgeObservation(observed.value), {
      workers,
      notices: replaced === null ? notices : [...notices, replaced],
      ...asked,
    }),
  );
}

function inWords(error: HeapError | EndedTooSoon, replaced: string | null): DiagnoseProblem {
  if (error.code !== "ended-too-soon") return { code: error.code, message: explainHeapError(error) };
  return { code: error.code, message: [endedSentence(error), ...(replaced === null ? [] : [replaced])].join(" ") };
}

function endedSentence(ended: EndedTooSoon): string {
  const { pid, afterMs, keptFile } = ended;
  const after = `after ${formatDuration(afterMs)}, before a second snapshot could be taken`;
  const end = describeEnd(`Process ${pid}`, after, ended);
  const kept =
    keptFile === null
      ? "Nothing was kept; with --keep FOLDER the first snapshot would be."
      : `The first snapshot is kept: deadweight top ${shellWord(keptFile)}`;
  return `${end}. Growth cannot be named from one. ${kept} To watch it from its start: deadweight diagnose -- COMMAND`;
}
