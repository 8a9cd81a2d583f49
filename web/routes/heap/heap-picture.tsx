// The heap as a picture of what would be freed with what, the way to the place that fills it, and the same as a table.

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import type { RetentionReport } from "../../../src/model/page-reports.ts";
import { changedAddress } from "../../address/address.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answer } from "../../parts/answer.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import type { Store } from "../../store/store.ts";
import { isDark } from "../../store/theme.ts";
import { childrenOf, flatTree, type FlatTree, wayTo } from "../../views/retention/flat-tree.ts";
import { shortName } from "../../views/retention/label-text.ts";
import type { PictureName } from "../../views/retention/picture-kinds.ts";
import { RetentionPicture } from "../../views/retention/retention-picture.tsx";
import type { HeapCentreProps } from "./heap-centre.tsx";
import { selectorOf } from "./selector-of.ts";

interface HeapPictureProps extends HeapCentreProps {
  readonly kind: PictureName;
  /** Address of the object that is looked at. */
  readonly shown: string | null;
}

export function HeapPicture({ store, id, kind, shown }: HeapPictureProps): VNode {
  const { loaded, again } = useAnswer<RetentionReport>(store.api, `/api/snapshots/${id}/retention`, "answer");
  return (
    <Answer loaded={loaded} doing="Working out what would be freed with what" again={again}>
      {(report) => <Picture store={store} report={report} kind={kind} shown={shown} />}
    </Answer>
  );
}

interface PictureProps {
  readonly store: Store;
  readonly report: RetentionReport;
  readonly kind: PictureName;
  readonly shown: string | null;
}

function Picture({ store, report, kind, shown }: PictureProps): VNode {
  const tree = useMemo(() => flatTree(report.root), [report]);
  const { address, theme } = store.state();
  const top = rowNumber(tree, address.query["zoom"]) ?? 0;
  const selected = rowNumber(tree, address.query["row"]) ?? rowAtAddress(tree, shown);
  return (
    <>
      <Way store={store} tree={tree} top={top} />
      <RetentionPicture
        kind={kind}
        tree={tree}
        top={top}
        selected={selected}
        isDark={isDark(theme)}
        onSelect={(row) => store.turn({ row: String(row), select: selectorOf(tree, row) })}
        onZoom={(row) => store.turn({ zoom: row === 0 ? null : String(row) })}
      />
      <BelowTable store={store} tree={tree} top={top} />
    </>
  );
}

function rowAtAddress(tree: FlatTree, address: string | null): number | null {
  const row = address === null ? -1 : tree.rows.findIndex((each) => each.address === address);
  return row < 0 ? null : row;
}

function rowNumber(tree: FlatTree, text: string | undefined): number | null {
  const row = Number(text ?? Number.NaN);
  return Number.isInteger(row) && row >= 0 && row < tree.rows.length ? row : null;
}

interface PlaceProps {
  readonly store: Store;
  readonly tree: FlatTree;
  readonly top: number;
}

function Way({ store, tree, top }: PlaceProps): VNode {
  const { address } = store.state();
  return (
    <nav class="way" aria-label="Place in the heap">
      {wayTo(tree, top).map((row) => (
        <a
          key={row}
          href={changedAddress(address, { zoom: row === 0 ? null : String(row) })}
          aria-current={row === top ? "true" : undefined}
        >
          {row === 0 ? "Heap" : shortName(tree.rows[row]?.label ?? "")}
        </a>
      ))}
    </nav>
  );
}

function BelowTable({ store, tree, top }: PlaceProps): VNode {
  const { address } = store.state();
  const link = (row: number): string => changedAddress(address, { row: String(row), select: selectorOf(tree, row) });
  const into = (row: number): string => changedAddress(address, { zoom: String(row) });
  const of = (row: number): (typeof tree.rows)[number] | undefined => tree.rows[row];
  return (
    <details>
      <summary>The same as a table</summary>
      <DataTable
        store={store}
        caption="What lies in this place"
        rows={childrenOf(tree, top)}
        keyOf={String}
        columns={[
          {
            title: "Place",
            by: (row) => of(row)?.label ?? "",
            cell: (row) => <a href={link(row)}>{of(row)?.label}</a>,
          },
          {
            title: "Would be freed",
            by: (row) => of(row)?.retainedBytes ?? 0,
            cell: (row) => formatBytes(of(row)?.retainedBytes ?? 0),
          },
          {
            title: "Objects",
            by: (row) => of(row)?.ownCount ?? 0,
            cell: (row) => formatCount(of(row)?.ownCount ?? 0),
          },
          {
            title: "Inside",
            cell: (row) => (childrenOf(tree, row).length === 0 ? "" : <a href={into(row)}>Go into it</a>),
          },
        ]}
        empty="Nothing lies below this place. Go back with the links above."
      />
    </details>
  );
}
