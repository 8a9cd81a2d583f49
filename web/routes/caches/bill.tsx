// What a change of caches would do and cost, and the confirmation.

import type { VNode } from "preact";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import { formatDuration } from "../../../src/base/format-duration.ts";
import type { CacheCommandReport } from "../../../src/model/cache-command.ts";
import { DataTable } from "../../parts/data-table.tsx";
import type { Store } from "../../store/store.ts";

export interface BillProps {
  readonly store: Store;
  readonly report: CacheCommandReport;
  readonly onConfirm: () => void;
  readonly onBack: () => void;
}

export function Bill({ store, report, onConfirm, onBack }: BillProps): VNode {
  const { action, selector, share, setting, bill, receipts } = report;
  const part = share === 1 ? "" : ` (${Math.round(share * 100)} % of the keys)`;
  const processes = bill?.workers.length ?? receipts.length;
  return (
    <>
      <p>
        This would {action} <code>{selector}</code>
        {part} in {processes === 1 ? "one process" : `${processes} processes`}
        {setting === null ? "" : `: it ${setting}`}. Nothing was done yet.
      </p>
      {bill !== null && (
        <>
          <p>
            Together: {known(bill.entries, formatCount)} entries, {known(bill.retainedBytes, formatBytes)}, at most{" "}
            {known(bill.reloadSeconds, reloadText)} to load them again.
          </p>
          <DataTable
            store={store}
            caption="What it would do in each process"
            rows={bill.workers}
            keyOf={({ pid }) => String(pid)}
            columns={[
              { title: "Process", cell: ({ pid }) => pid },
              { title: "Entries", by: ({ entries }) => entries, cell: ({ entries }) => formatCount(entries) },
              {
                title: "Keeps",
                by: ({ retainedBytes }) => retainedBytes ?? 0,
                cell: ({ retainedBytes }) => known(retainedBytes, formatBytes),
              },
              { title: "To load again", cell: ({ reloadSeconds }) => known(reloadSeconds, reloadText) },
            ]}
            empty="No process has such a cache now."
          />
          {bill.because.map((text) => (
            <p key={text} class="aside">
              {text}
            </p>
          ))}
        </>
      )}
      <p class="actions">
        <button type="button" class="main" onClick={onConfirm}>
          Yes, {action} now
        </button>
        <button type="button" onClick={onBack}>
          Back
        </button>
      </p>
    </>
  );
}

function known(value: number | null, inWords: (value: number) => string): string {
  return value === null ? "unknown" : inWords(value);
}

function reloadText(seconds: number): string {
  return formatDuration(seconds * 1000);
}
