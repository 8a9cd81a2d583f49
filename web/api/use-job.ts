// A job of the server: how far it is, and what came of it.

import { useEffect, useState } from "preact/hooks";
import type { Job } from "../../src/model/page-reports.ts";
import type { Api } from "./api.ts";
import { type Loaded, loadedFrom } from "./use-answer.ts";

export interface FollowedJob<T> {
  readonly job: Job | null;
  /** Loading as long as the job runs. */
  readonly result: Loaded<T>;
  readonly cancel: () => void;
}

interface Known<T> {
  readonly id: string | null;
  readonly job: Job | null;
  readonly result: Loaded<T>;
}

const LOADING = { state: "loading" } as const;

/** Nothing for null. */
export function useJob<T>(api: Api, id: string | null): FollowedJob<T> {
  const [known, setKnown] = useState<Known<T>>({ id: null, job: null, result: LOADING });
  useEffect(() => {
    if (id === null) return undefined;
    let isWanted = true;
    const finish = async (job: Job | null): Promise<void> => {
      const result = loadedFrom(await api.get<T>(`/api/jobs/${id}/result`));
      if (isWanted) setKnown({ id, job, result });
    };
    const events = new EventSource(`/api/jobs/${id}/events`);
    events.addEventListener("job", (event) => {
      const job = JSON.parse(String(event.data)) as Job;
      if (job.state === "running") {
        if (isWanted) setKnown({ id, job, result: LOADING });
        return;
      }
      events.close();
      void finish(job);
    });
    events.addEventListener("error", () => {
      // A browser tries again by itself unless the server refused.
      if (events.readyState === EventSource.CLOSED) void finish(null);
    });
    return () => {
      isWanted = false;
      events.close();
    };
  }, [api, id]);
  const isKnown = known.id === id;
  return {
    job: isKnown ? known.job : null,
    result: isKnown ? known.result : LOADING,
    cancel: () => void api.remove(`/api/jobs/${id}`),
  };
}
