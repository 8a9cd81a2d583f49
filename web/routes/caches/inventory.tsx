// The caches of a process and its fellow workers.

import type { VNode } from "preact";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import { formatPercent } from "../../../src/base/format-percent.ts";
import type { CacheBound, CacheInventory, CacheSummary } from "../../../src/model/cache-inventory.ts";
import { addressOf, changedAddress } from "../../address/address.ts";
import { useJob } from "../../api/use-job.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { JobProgress } from "../../parts/job-progress.tsx";
import { Warnings } from "../../parts/notice.tsx";
import { ProblemNotice } from "../../parts/problem-notice.tsx";
import { useStart } from "../../parts/use-start.ts";
import type { Store } from "../../store/store.ts";
import { CacheFacts } from "./cache-facts.tsx";

export function Inventory({ store, id }: { readonly store: Store; readonly id: string }): VNode {
  const { job, result, cancel } = useJob<CacheInventory>(store.api, id);
  return (
    <>
      <header class="head">
        <h1>Caches{job === null ? "" : ` of ${job.about}`}</h1>
      </header>
      {result.state === "loading" && <JobProgress job={job} doing="Looking for the caches of" onCancel={cancel} />}
      {result.state === "failed" && (
        <>
          <ProblemNotice problem={result.problem} />
          <a href="/caches">Choose a process again</a>
        </>
      )}
      {result.state === "ready" && <Listed store={store} inventory={result.value} />}
    </>
  );
}

function Listed({ store, inventory }: { readonly store: Store; readonly inventory: CacheInventory }): VNode {
  const { processes, caches, warnings, windowSeconds } = inventory;
  const { address } = store.state();
  const advice = useStart(store, ({ id }) => addressOf(["advice", id]));
  const pid = processes[0]?.pid ?? null;
  const chosen = caches.find(({ name }) => name === address.query["cache"]);
  return (
    <>
      <p>
        {formatCount(caches.length)} caches in{" "}
        {processes.length === 1 ? "one process" : `${processes.length} processes`}
        {windowSeconds === null ? "" : `; counters were watched for ${Math.round(windowSeconds)} s`}.{" "}
        {pid !== null && (
          <button type="button" onClick={() => advice.start("/api/caches/advice", { pid })}>
            Watch for a minute and advise bounds
          </button>
        )}
      </p>
      <ProblemNotice problem={advice.problem} />
      <Warnings texts={warnings} />
      {chosen !== undefined && (
        <CacheFacts store={store} cache={chosen} closeLink={changedAddress(address, { cache: null })} />
      )}
      <DataTable
        store={store}
        caption="Caches"
        rows={caches}
        keyOf={({ name, family, holder }) => `${name} ${family} ${holder.path}`}
        isSelected={(cache) => cache === chosen}
        columns={columns((name) => changedAddress(address, { cache: name }))}
        empty="No cache was found in this process."
      />
    </>
  );
}

export function boundText(bound: CacheBound): string {
  switch (bound.kind) {
    case "entries":
      return formatCount(bound.entries);
    case "none":
      return "none";
    case "unknown":
      return "unknown";
  }
}

function hitShare({ hits, misses }: CacheSummary): number {
  return hits === null || misses === null || hits + misses === 0 ? 0 : hits / (hits + misses);
}

function columns(link: (name: string) => string): readonly Column<CacheSummary>[] {
  return [
    {
      title: "Cache",
      by: ({ name }) => name,
      cell: ({ name }) => (
        <a href={link(name)}>
          <code>{name}</code>
        </a>
      ),
    },
    { title: "Family", by: ({ family }) => family, cell: ({ family }) => family },
    { title: "Whose", by: ({ origin }) => origin, cell: ({ origin }) => origin },
    {
      title: "Entries",
      by: ({ entries }) => entries ?? 0,
      cell: ({ entries }) => (entries === null ? "unknown" : formatCount(entries)),
    },
    { title: "Bound", cell: ({ bound }) => boundText(bound) },
    {
      title: "Hits",
      by: hitShare,
      cell: (cache) => (cache.hits === null ? "not counted" : formatPercent(hitShare(cache))),
    },
    {
      title: "Keeps",
      by: ({ retainedBytes }) => retainedBytes,
      cell: ({ retainedBytes }) => formatBytes(retainedBytes),
    },
  ];
}
