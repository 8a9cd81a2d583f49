// Jobs of one kind, and where each is shown.

import type { VNode } from "preact";
import type { Job, JobKind, JobList } from "../../src/model/page-reports.ts";
import { useAnswer } from "../api/use-answer.ts";
import type { Store } from "../store/store.ts";
import { Answer } from "./answer.tsx";
import { DataTable } from "./data-table.tsx";
import { momentText } from "./moment-text.ts";

export interface JobTableProps {
  readonly store: Store;
  readonly kinds: readonly JobKind[];
  readonly caption: string;
  readonly placeOf: (job: Job) => string;
  readonly empty: string;
}

const STATES = { running: "warn", done: "good", failed: "bad" } as const;

export function JobTable({ store, kinds, caption, placeOf, empty }: JobTableProps): VNode {
  const { loaded, again } = useAnswer<JobList>(store.api, "/api/jobs");
  return (
    <Answer loaded={loaded} doing="Looking what was done" again={again}>
      {({ jobs }) => (
        <DataTable
          store={store}
          caption={caption}
          rows={jobs.filter(({ kind }) => kinds.includes(kind))}
          keyOf={({ id }) => id}
          columns={[
            { title: "About", by: ({ about }) => about, cell: (job) => <a href={placeOf(job)}>{job.about}</a> },
            { title: "What", by: ({ kind }) => kind, cell: ({ kind }) => kind },
            {
              title: "Begun",
              by: ({ startedAtMs }) => startedAtMs,
              cell: ({ startedAtMs }) => momentText(startedAtMs),
            },
            {
              title: "State",
              by: ({ state }) => state,
              cell: ({ state, problem }) => (
                <span class={`chip ${STATES[state]}`} title={problem?.message ?? ""}>
                  {state}
                </span>
              ),
            },
          ]}
          empty={empty}
        />
      )}
    </Answer>
  );
}
