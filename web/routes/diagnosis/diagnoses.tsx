// Diagnoses that were made since the server began, and a new one.

import type { VNode } from "preact";
import { addressOf } from "../../address/address.ts";
import { JobTable } from "../../parts/job-table.tsx";
import { ProblemNotice } from "../../parts/problem-notice.tsx";
import { ProcessForm } from "../../parts/process-form.tsx";
import { useStart } from "../../parts/use-start.ts";
import type { Store } from "../../store/store.ts";

const USUAL_SECONDS = 60;

export function Diagnoses({ store }: { readonly store: Store; readonly id: string }): VNode {
  const { problem, isStarting, start } = useStart(store, ({ id }) => addressOf(["diagnoses", id]));
  return (
    <>
      <header class="head">
        <h1>Diagnoses</h1>
        <p>
          A diagnosis watches a process while it works, reads its heap twice, looks into the sources, and says whether
          it leaks, who holds it and which line put it there.
        </p>
      </header>
      <ProcessForm
        store={store}
        act="Diagnose"
        seconds={USUAL_SECONDS}
        isBusy={isStarting}
        onChosen={(pid, seconds) => start("/api/diagnoses", { pid, seconds })}
      />
      <ProblemNotice problem={problem} />
      <JobTable
        store={store}
        kinds={["diagnosis"]}
        caption="Diagnoses"
        placeOf={({ id }) => addressOf(["diagnoses", id])}
        empty="No process was diagnosed since the server began. Choose one above."
      />
    </>
  );
}
