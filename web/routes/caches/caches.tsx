// Caches: those of a process, with what they keep and how often they answer; and programs whose caches can be governed.

import type { VNode } from "preact";
import type { GovernedApp, GovernedApps } from "../../../src/model/page-reports.ts";
import { addressOf, changedAddress } from "../../address/address.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answer } from "../../parts/answer.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { JobTable } from "../../parts/job-table.tsx";
import { ProblemNotice } from "../../parts/problem-notice.tsx";
import { ProcessForm } from "../../parts/process-form.tsx";
import { useStart } from "../../parts/use-start.ts";
import type { Store } from "../../store/store.ts";
import { CommandDialog } from "./command-dialog.tsx";

export function Caches({ store }: { readonly store: Store; readonly id: string }): VNode {
  const { address } = store.state();
  const inventory = useStart(store, ({ id }) => addressOf(["caches", id]));
  const apps = useAnswer<GovernedApps>(store.api, "/api/apps");
  const app = address.query["app"];
  return (
    <>
      <header class="head">
        <h1>Caches</h1>
        <p>What the caches of a process keep, how often they answer, and which bounds they should have.</p>
      </header>
      <ProcessForm
        store={store}
        act="List its caches"
        seconds={null}
        isBusy={inventory.isStarting}
        onChosen={(pid) => inventory.start("/api/caches", { pid })}
      />
      <ProblemNotice problem={inventory.problem} />
      <JobTable
        store={store}
        kinds={["caches", "advice"]}
        caption="Inventories and advice"
        placeOf={({ id, kind }) => addressOf([kind === "advice" ? "advice" : "caches", id])}
        empty="No caches were looked at since the server began. Choose a process above."
      />
      <h2>Programs with governed caches</h2>
      <Answer loaded={apps.loaded} doing="Looking for programs with governed caches" again={apps.again}>
        {(list) => <Apps store={store} apps={list.apps} />}
      </Answer>
      {app !== undefined && apps.loaded.state === "ready" && (
        <CommandDialog
          store={store}
          app={apps.loaded.value.apps.find((each) => each.app === app) ?? { app, selectors: [] }}
          selector={address.query["selector"] ?? ""}
          onClose={() => store.turn({ app: null, selector: null })}
        />
      )}
    </>
  );
}

function Apps({ store, apps }: { readonly store: Store; readonly apps: readonly GovernedApp[] }): VNode {
  const { address } = store.state();
  return (
    <DataTable
      store={store}
      caption="Programs with governed caches"
      rows={apps}
      keyOf={({ app }) => app}
      columns={[
        { title: "Program", by: ({ app }) => app, cell: ({ app }) => app },
        {
          title: "What can be named",
          cell: ({ selectors }) =>
            selectors.length === 0 ? (
              <span class="aside">it has not said</span>
            ) : (
              selectors.map((each) => <code key={each}>{each} </code>)
            ),
        },
        {
          title: "What to do",
          cell: ({ app, selectors }) => (
            <span class="actions">
              <a class="button" href={changedAddress(address, { app, selector: selectors[0] ?? null })}>
                Clear or set<span class="unseen"> caches of {app}</span>
              </a>
              <a class="button" href={addressOf(["audit"], { app })}>
                Audit<span class="unseen"> of {app}</span>
              </a>
            </span>
          ),
        },
      ]}
      empty={
        <>
          No program here has governed caches. In Python: <code>from deadweight import cached, join</code>, see
          docs/cached.md.
        </>
      }
    />
  );
}
