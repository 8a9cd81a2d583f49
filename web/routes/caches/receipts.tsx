// Who has what was ordered.

import type { VNode } from "preact";
import { formatDuration } from "../../../src/base/format-duration.ts";
import type { CacheCommandReport } from "../../../src/model/cache-command.ts";
import { addressOf } from "../../address/address.ts";
import { DataTable } from "../../parts/data-table.tsx";
import type { Store } from "../../store/store.ts";
import { Notice } from "../../parts/notice.tsx";

export interface ReceiptsProps {
  readonly store: Store;
  readonly report: CacheCommandReport;
  readonly onUndo: (op: string) => void;
}

export function Receipts({ store, report, onUndo }: ReceiptsProps): VNode {
  const { action, app, selector, outcome, receipts, tookMs, op, canUndo } = report;
  return (
    <>
      <Notice kind={outcome === "partial" ? "warning" : "done"}>
        {action} of <code>{selector}</code>: {outcome ?? "not known"}, in {formatDuration(tookMs)}.{" "}
        <a href={addressOf(["audit"], { app })}>It stands in the audit log.</a>
      </Notice>
      <DataTable
        store={store}
        caption="Receipts"
        rows={receipts}
        keyOf={({ pid }) => String(pid)}
        columns={[
          { title: "Process", cell: ({ pid }) => pid },
          { title: "State", by: ({ state }) => state, cell: ({ state }) => state },
          { title: "Because", cell: ({ because }) => because },
        ]}
        empty="No process was there to have it."
      />
      {canUndo && op !== null && (
        <button type="button" onClick={() => onUndo(op)}>
          Take it back
        </button>
      )}
    </>
  );
}
