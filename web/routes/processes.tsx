// The Python processes of this user: where everything begins.

import type { VNode } from "preact";
import { formatBytes } from "../../src/base/format-bytes.ts";
import type { ProcessList, ProcessRow } from "../../src/model/page-reports.ts";
import { addressOf } from "../address/address.ts";
import { useAnswer } from "../api/use-answer.ts";
import { Answer } from "../parts/answer.tsx";
import { commandText } from "../parts/command-text.ts";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { type Start, useStart } from "../parts/use-start.ts";
import type { Store } from "../store/store.ts";

export function Processes({ store }: { readonly store: Store; readonly id: string }): VNode {
  const { loaded, again } = useAnswer<ProcessList>(store.api, "/api/processes");
  const snapshot = useStart(store, ({ id }) => addressOf(["heaps"], { job: id }));
  const diagnosis = useStart(store, ({ id }) => addressOf(["diagnoses", id]));
  return (
    <>
      <header class="head">
        <h1>Processes</h1>
        <p>
          The Python processes that you may look at. Reading a heap stops the process for a moment; watching and
          diagnosing do it once or twice.
        </p>
        <button type="button" onClick={again}>
          Look again
        </button>
      </header>
      <ProblemNotice problem={snapshot.problem ?? diagnosis.problem} />
      <Answer loaded={loaded} doing="Looking for Python processes" again={again}>
        {({ processes }) => (
          <DataTable
            store={store}
            caption="Python processes"
            columns={columns(snapshot, diagnosis)}
            rows={processes}
            keyOf={({ pid }) => String(pid)}
            empty="No Python process of yours is running. Start one, or open a snapshot file under Heaps."
          />
        )}
      </Answer>
    </>
  );
}

function columns(snapshot: Start, diagnosis: Start): readonly Column<ProcessRow>[] {
  return [
    {
      title: "Process",
      by: ({ pid }) => String(pid).padStart(8, "0"),
      cell: ({ pid }) => <a href={addressOf(["processes", String(pid)])}>{pid}</a>,
    },
    {
      title: "Command",
      by: ({ command }) => commandText(command),
      cell: ({ command }) => <code class="clipped">{commandText(command)}</code>,
    },
    {
      title: "Own memory",
      by: ({ privateBytes }) => privateBytes,
      cell: ({ privateBytes }) => formatBytes(privateBytes),
    },
    {
      title: "What to do",
      cell: ({ pid }) => (
        <span class="actions">
          <button type="button" onClick={() => snapshot.start("/api/snapshots", { pid })}>
            Read heap<span class="unseen"> of {pid}</span>
          </button>
          <button type="button" onClick={() => diagnosis.start("/api/diagnoses", { pid })}>
            Diagnose<span class="unseen"> {pid}</span>
          </button>
        </span>
      ),
    },
  ];
}
