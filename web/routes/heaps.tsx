// The heaps that can be looked at; taking one, sending one, and choosing some to compare.

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { formatBytes } from "../../src/base/format-bytes.ts";
import type { SnapshotReport } from "../../src/model/heap-reports.ts";
import type { SnapshotList, SnapshotRow } from "../../src/model/page-reports.ts";
import { addressOf } from "../address/address.ts";
import type { ApiProblem } from "../api/api.ts";
import { useAnswer } from "../api/use-answer.ts";
import { useJob } from "../api/use-job.ts";
import { Answer } from "../parts/answer.tsx";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { JobProgress } from "../parts/job-progress.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { momentText } from "../parts/moment-text.ts";
import type { Store } from "../store/store.ts";

export function Heaps({ store }: { readonly store: Store; readonly id: string }): VNode {
  const { query } = store.state().address;
  const { loaded, again } = useAnswer<SnapshotList>(store.api, "/api/snapshots");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const rows = loaded.state === "ready" ? loaded.value.snapshots : [];
  const choose = (id: string, isChosen: boolean): void =>
    setChosen(isChosen ? [...chosen, id] : chosen.filter((each) => each !== id));
  // The oldest first, whatever the order of the clicks.
  const compared = rows.flatMap(({ id }) => (chosen.includes(id) ? [id] : [])).toReversed();
  return (
    <>
      <header class="head">
        <h1>Heaps</h1>
        <p>Snapshots of this server's folder and the files that it was given. Choose two or more to see what grew.</p>
        <button
          type="button"
          disabled={compared.length < 2}
          onClick={() => store.go(addressOf(["comparison"], { of: compared.join(",") }))}
        >
          Compare {compared.length < 2 ? "two or more" : compared.length}
        </button>
        <SendFile store={store} onSent={again} />
      </header>
      {query["job"] !== undefined && <TakenHeap key={query["job"]} store={store} job={query["job"]} />}
      <Answer loaded={loaded} doing="Looking for heaps" again={again}>
        {({ snapshots }) => (
          <DataTable
            store={store}
            caption="Heaps"
            columns={columnsFor(chosen, choose)}
            rows={snapshots}
            keyOf={({ id }) => id}
            empty={
              <>
                There is no heap yet. <a href="/processes">Choose a process</a> and read its heap.
              </>
            }
          />
        )}
      </Answer>
    </>
  );
}

function columnsFor(
  chosen: readonly string[],
  choose: (id: string, isChosen: boolean) => void,
): readonly Column<SnapshotRow>[] {
  return [
    {
      title: "Compare",
      cell: ({ id, name }) => (
        <input
          type="checkbox"
          aria-label={`Compare ${name}`}
          checked={chosen.includes(id)}
          onChange={(event) => choose(id, event.currentTarget.checked)}
        />
      ),
    },
    { title: "Heap", by: ({ name }) => name, cell: ({ id, name }) => <a href={addressOf(["heaps", id])}>{name}</a> },
    { title: "Written", by: ({ writtenAtMs }) => writtenAtMs, cell: ({ writtenAtMs }) => momentText(writtenAtMs) },
    { title: "File", by: ({ fileBytes }) => fileBytes, cell: ({ fileBytes }) => formatBytes(fileBytes) },
  ];
}

/** A snapshot that is being taken; when it is there, the page goes to it. */
function TakenHeap({ store, job: id }: { readonly store: Store; readonly job: string }): VNode | null {
  const { job, result, cancel } = useJob<SnapshotReport>(store.api, id);
  const file = result.state === "ready" ? result.value.file : null;
  useEffect(() => {
    if (file === null) return;
    const name = file.slice(file.lastIndexOf("/") + 1);
    void store.api.get<SnapshotList>("/api/snapshots").then((list) => {
      const row = list.ok ? list.value.snapshots.find((each) => each.name === name) : undefined;
      store.replace(row === undefined ? "/heaps" : addressOf(["heaps", row.id]));
    });
  }, [file, store]);
  if (result.state === "failed") return <ProblemNotice problem={result.problem} />;
  return <JobProgress job={job} doing="Reading the heap of" onCancel={cancel} />;
}

function SendFile({ store, onSent }: { readonly store: Store; readonly onSent: () => void }): VNode {
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const send = async (file: File): Promise<void> => {
    const sent = await store.api.sendFile<SnapshotList>(
      `/api/snapshots/files?name=${encodeURIComponent(file.name)}`,
      file,
    );
    setProblem(sent.ok ? null : sent.error);
    onSent();
  };
  return (
    <>
      <label class="button">
        Open a snapshot file
        <input
          class="unseen"
          type="file"
          accept=".dwsnap"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file !== undefined) void send(file);
          }}
        />
      </label>
      <ProblemNotice problem={problem} />
    </>
  );
}
