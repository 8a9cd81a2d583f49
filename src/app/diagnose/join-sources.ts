// From places with verdicts to the diagnosis: the sources of the process are read, and what is known of its libraries.

import { homedir } from "node:os";
import { join } from "node:path";
import { assembleDiagnosis } from "../../diagnose/assemble-diagnosis.ts";
import { type JudgedObservation, placesConcerned } from "../../diagnose/judge-observation.ts";
import { sourcesConcerned } from "../../diagnose/sources-concerned.ts";
import type { Diagnosis } from "../../model/diagnosis.ts";
import type { Progress } from "../../model/progress.ts";
import { knownLeaks } from "../explain/known-leaks-file.ts";
import { openCacheFolder } from "../scan/cache-folder.ts";
import { scanVersion } from "../scan/scan-version.ts";
import { readProject } from "./read-project.ts";

export interface JoinOptions {
  readonly workers: readonly number[];
  /** Sentences from before the observation. */
  readonly notices: readonly string[];
  readonly toolVersion: string;
  readonly progress: Progress;
}

export async function joinSources(judged: JudgedObservation, options: JoinOptions): Promise<Diagnosis> {
  const { observation, comparison } = judged;
  const { workers, notices, toolVersion, progress } = options;
  progress({ phase: "reading the sources", done: 0, total: null, unit: "files" });
  const growths = placesConcerned(judged).map(({ growth }) => growth);
  const source = await readProject({
    analysis: observation.last.analysis,
    pid: observation.end.how === "exited" ? null : observation.pid,
    concerned: sourcesConcerned(comparison.last, growths),
    cacheFolder: openCacheFolder("/", userCache(), process.env),
    version: scanVersion(toolVersion),
  });
  return assembleDiagnosis(judged, { source, known: knownLeaks(), workers, notices });
}

/** Not beside the program, as a scan of its folder would have it: whoever diagnoses may be in any folder. */
function userCache(): string {
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "deadweight", "processes");
}
