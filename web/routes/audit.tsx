// What was done to the caches of a program, by whom and why, and whether the log can be trusted.

import type { VNode } from "preact";
import { formatDuration } from "../../src/base/format-duration.ts";
import type { CacheHistory, CacheHistoryEntry } from "../../src/model/cache-command.ts";
import type { GovernedApps } from "../../src/model/page-reports.ts";
import { changedAddress } from "../address/address.ts";
import { useAnswer } from "../api/use-answer.ts";
import { Answer } from "../parts/answer.tsx";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { Notice } from "../parts/notice.tsx";
import type { Store } from "../store/store.ts";

export function Audit({ store }: { readonly store: Store; readonly id: string }): VNode {
  const { address } = store.state();
  const { loaded, again } = useAnswer<GovernedApps>(store.api, "/api/apps");
  const known = loaded.state === "ready" ? loaded.value.apps.map((each) => each.app) : [];
  const app = address.query["app"] ?? known[0] ?? null;
  return (
    <>
      <header class="head">
        <h1>Audit</h1>
        <p>What was done to governed caches, by whom and why. Each line carries a hash over all before it.</p>
      </header>
      <nav class="tabs" aria-label="Programs">
        {known.map((each) => (
          <a key={each} href={changedAddress(address, { app: each })} aria-current={each === app ? "true" : undefined}>
            {each}
          </a>
        ))}
      </nav>
      {app !== null ? (
        <History store={store} app={app} />
      ) : (
        <Answer loaded={loaded} doing="Looking for audit logs" again={again}>
          {() => (
            <Notice kind="empty">
              Nothing was done to caches here yet. <a href="/caches">Caches</a> can be cleared and bounded.
            </Notice>
          )}
        </Answer>
      )}
    </>
  );
}

function History({ store, app }: { readonly store: Store; readonly app: string }): VNode {
  const { loaded, again } = useAnswer<CacheHistory>(store.api, `/api/audit?app=${encodeURIComponent(app)}`);
  return (
    <Answer loaded={loaded} doing="Checking the log" again={again}>
      {({ commands, fault, lines, head, auditFile }) => (
        <>
          {fault === null ? (
            <Notice kind="done">
              The chain is whole: {lines} lines, nothing was changed. Head <code>{head?.slice(0, 16) ?? "none"}</code>{" "}
              of <code>{auditFile}</code>.
            </Notice>
          ) : (
            <Notice kind="problem">
              The chain is broken at line {fault.line}: {fault.because}. Trust nothing from there on.
            </Notice>
          )}
          <DataTable
            store={store}
            caption={`What was done to the caches of ${app}`}
            rows={commands.toReversed()}
            keyOf={({ op }) => op}
            columns={COLUMNS}
            empty="Nothing was done to the caches of this program yet."
          />
        </>
      )}
    </Answer>
  );
}

const COLUMNS: readonly Column<CacheHistoryEntry>[] = [
  { title: "When", by: ({ at }) => at, cell: ({ at }) => at.replace("T", " ").replace(/\.\d+Z$/, " UTC") },
  { title: "What", by: ({ action }) => action, cell: ({ action, setting }) => setting ?? action },
  { title: "Of", by: ({ selector }) => selector, cell: ({ selector }) => <code>{selector}</code> },
  { title: "Why", cell: ({ reason }) => reason },
  { title: "By", by: ({ by }) => by, cell: ({ by }) => by },
  {
    title: "Outcome",
    by: ({ outcome }) => outcome ?? "",
    cell: ({ outcome, applied, missing }) =>
      outcome === null ? "interrupted" : `${outcome}, ${applied} applied, ${missing} missing`,
  },
  {
    title: "Took",
    by: ({ tookMs }) => tookMs ?? 0,
    cell: ({ tookMs }) => (tookMs === null ? "" : formatDuration(tookMs)),
  },
];
