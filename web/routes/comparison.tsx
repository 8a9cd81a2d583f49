// What grew between heaps.

import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { formatBytes, formatBytesGrowth } from "../../src/base/format-bytes.ts";
import { formatCount, formatCountGrowth } from "../../src/base/format-count.ts";
import type { DiffReport, HolderGrowth, TypeGrowth } from "../../src/model/heap-reports.ts";
import type { SnapshotList } from "../../src/model/page-reports.ts";
import { addressOf, changedAddress } from "../address/address.ts";
import { useAnswer } from "../api/use-answer.ts";
import { useJob } from "../api/use-job.ts";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { JobProgress } from "../parts/job-progress.tsx";
import { momentText } from "../parts/moment-text.ts";
import { Notice, Warnings } from "../parts/notice.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { SparkLine } from "../views/spark-line.tsx";
import { useStart } from "../parts/use-start.ts";
import type { Store } from "../store/store.ts";

/** `of` in the address names the heaps; `job` is added when the work has begun. */
export function Comparison({ store }: { readonly store: Store; readonly id: string }): VNode {
  const { address } = store.state();
  const ids = (address.query["of"] ?? "").split(",").filter((id) => id !== "");
  const jobId = address.query["job"] ?? null;
  const { job, result, cancel } = useJob<DiffReport>(store.api, jobId);
  const begun = useStart(store, ({ id }) => changedAddress(store.state().address, { job: id }), "replace");
  const isGone = result.state === "failed" && result.problem.code === "no-such-job";
  useEffect(() => {
    if (ids.length >= 2 && (jobId === null || isGone)) begun.start("/api/comparisons", { snapshots: ids });
    // Once for an address.
  }, [address.query["of"], jobId, isGone]);
  return (
    <>
      <header class="head">
        <h1>What grew</h1>
      </header>
      <ProblemNotice problem={begun.problem} />
      {ids.length < 2 && (
        <Notice kind="empty">
          Two heaps or more are compared. <a href="/heaps">Choose them</a>.
        </Notice>
      )}
      {result.state === "failed" && !isGone && <ProblemNotice problem={result.problem} />}
      {result.state === "loading" && ids.length >= 2 && begun.problem === null && (
        <JobProgress job={job} doing="Comparing" onCancel={cancel} />
      )}
      {result.state === "ready" && <Growth store={store} report={result.value} newest={ids.at(-1) ?? ""} />}
    </>
  );
}

interface GrowthProps {
  readonly store: Store;
  readonly report: DiffReport;
  /** Id of the heap in which a place is looked at. */
  readonly newest: string;
}

function Growth({ store, report, newest }: GrowthProps): VNode {
  const { snapshots, holders, types, warnings } = report;
  const { loaded } = useAnswer<SnapshotList>(store.api, "/api/snapshots");
  const isThere = loaded.state === "ready" && loaded.value.snapshots.some(({ id }) => id === newest);
  const link = (select: string): string | null => (isThere ? addressOf(["heaps", newest], { select }) : null);
  return (
    <>
      <Warnings texts={warnings} />
      <p>
        {snapshots.map(({ file, takenAtMs, liveBytes }, at) => (
          <span key={file}>
            {at > 0 && " → "}
            <strong>{file}</strong> ({momentText(takenAtMs)}, {formatBytes(liveBytes)})
          </span>
        ))}
      </p>
      <h2>By holder</h2>
      <DataTable
        store={store}
        caption="Growth by holder"
        rows={holders}
        keyOf={({ holder }) => `${holder.path} ${holder.kind}`}
        columns={holderColumns(link)}
        empty="No place grew between these heaps. Compare heaps that lie further apart."
      />
      <h2>By type</h2>
      <DataTable
        store={store}
        caption="Growth by type"
        rows={types}
        keyOf={({ name }) => name}
        columns={typeColumns(link)}
        empty="No type grew between these heaps."
      />
    </>
  );
}

type LinkTo = (selector: string) => string | null;

function Named({ name, to }: { readonly name: string; readonly to: string | null }): VNode {
  return to === null ? (
    <code>{name}</code>
  ) : (
    <a href={to}>
      <code>{name}</code>
    </a>
  );
}

const STRENGTHS = { strong: "bad", weak: "warn", none: "" } as const;

function holderColumns(link: LinkTo): readonly Column<HolderGrowth>[] {
  return [
    {
      title: "Holder",
      by: ({ holder }) => holder.path,
      cell: ({ holder }) => <Named name={holder.path} to={link(holder.path)} />,
    },
    {
      title: "Growth",
      by: ({ heldGrowthBytes }) => heldGrowthBytes,
      cell: ({ heldGrowthBytes }) => formatBytesGrowth(heldGrowthBytes),
    },
    {
      title: "Objects",
      by: ({ countGrowth }) => countGrowth,
      cell: ({ countGrowth }) => formatCountGrowth(countGrowth),
    },
    {
      title: "Mostly",
      cell: ({ mostly }) => (mostly === null ? "" : `${formatCount(mostly.count)} × ${mostly.type}`),
    },
    {
      title: "Heap by heap",
      cell: ({ heldBytes }) => <SparkLine values={heldBytes} label={heldBytes.map(formatBytes).join(", ")} />,
    },
    {
      title: "Evidence",
      cell: ({ verdict }) => (
        <span class={`chip ${STRENGTHS[verdict.strength]}`} title={verdict.because}>
          {verdict.strength}
        </span>
      ),
    },
  ];
}

function typeColumns(link: LinkTo): readonly Column<TypeGrowth>[] {
  return [
    { title: "Type", by: ({ name }) => name, cell: ({ name }) => <Named name={name} to={link(name)} /> },
    {
      title: "Objects",
      by: ({ countGrowth }) => countGrowth,
      cell: ({ countGrowth }) => formatCountGrowth(countGrowth),
    },
    {
      title: "Growth",
      by: ({ shallowGrowthBytes }) => shallowGrowthBytes,
      cell: ({ shallowGrowthBytes }) => formatBytesGrowth(shallowGrowthBytes),
    },
    {
      title: "Heap by heap",
      cell: ({ counts }) => <SparkLine values={counts} label={counts.map(formatCount).join(", ")} />,
    },
  ];
}
