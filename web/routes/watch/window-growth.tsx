// What grew between two moments of a watch.

import type { VNode } from "preact";
import { formatBytesGrowth } from "../../../src/base/format-bytes.ts";
import { formatCount, formatCountGrowth } from "../../../src/base/format-count.ts";
import type { WatchedHolder, WatchedProcess } from "../../../src/model/watch-report.ts";
import type { WatchPoint } from "../../api/use-watch.ts";
import { DataTable } from "../../parts/data-table.tsx";
import type { Store } from "../../store/store.ts";

export interface WindowGrowthProps {
  readonly store: Store;
  readonly points: readonly WatchPoint[];
  readonly from: number;
  readonly to: number;
  readonly process: WatchedProcess;
}

interface GrowthRow {
  readonly holder: WatchedHolder;
  readonly first: number;
  readonly last: number;
}

export function WindowGrowth({ store, points, from, to, process }: WindowGrowthProps): VNode {
  const [begin, end] = [points[from], points[to]];
  const seconds = Math.max(1, (end?.seconds ?? 0) - (begin?.seconds ?? 0));
  const rows = process.holders
    .map((holder): GrowthRow => {
      const first = begin?.holders.get(holder.path) ?? holder.first;
      return { holder, first, last: end?.holders.get(holder.path) ?? first };
    })
    .filter(({ first, last }) => first !== last)
    .toSorted((a, b) => b.last - b.first - (a.last - a.first));
  return (
    <>
      <p>
        In {Math.round(seconds)} s: resident memory {formatBytesGrowth((end?.rssBytes ?? 0) - (begin?.rssBytes ?? 0))},
        live Python objects {formatBytesGrowth((end?.pythonBytes ?? 0) - (begin?.pythonBytes ?? 0))}.
      </p>
      <DataTable
        store={store}
        caption="Places that changed in the window"
        rows={rows}
        keyOf={({ holder }) => holder.fingerprint}
        columns={[
          { title: "Place", by: ({ holder }) => holder.path, cell: ({ holder }) => <code>{holder.path}</code> },
          {
            title: "Growth",
            by: ({ first, last }) => last - first,
            cell: ({ first, last }) => formatCountGrowth(last - first),
          },
          {
            title: "Per second",
            by: ({ first, last }) => (last - first) / seconds,
            cell: ({ first, last }) => ((last - first) / seconds).toFixed(1),
          },
          { title: "Now", by: ({ last }) => last, cell: ({ last, holder }) => `${formatCount(last)} ${holder.unit}` },
          { title: "Shape", by: ({ holder }) => holder.shape, cell: ({ holder }) => holder.shape },
        ]}
        empty="No place changed in this window. Choose a longer one, or let the watch run on."
      />
    </>
  );
}
