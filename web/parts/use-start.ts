// Starts a job and goes where it can be followed.

import { useState } from "preact/hooks";
import type { Job } from "../../src/model/page-reports.ts";
import type { ApiProblem } from "../api/api.ts";
import type { Store } from "../store/store.ts";

export interface Start {
  /** Why it did not begin; null as long as nothing failed. */
  readonly problem: ApiProblem | null;
  readonly isStarting: boolean;
  readonly start: (path: string, body: Readonly<Record<string, unknown>>) => void;
}

/** `placeOf` says where the job is shown. */
export function useStart(store: Store, placeOf: (job: Job) => string, how: "go" | "replace" = "go"): Start {
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isStarting, setStarting] = useState(false);
  const start = async (path: string, body: Readonly<Record<string, unknown>>): Promise<void> => {
    setStarting(true);
    const started = await store.api.post<Job>(path, body);
    setStarting(false);
    setProblem(started.ok ? null : started.error);
    if (started.ok) store[how](placeOf(started.value));
  };
  return { problem, isStarting, start: (path, body) => void start(path, body) };
}
