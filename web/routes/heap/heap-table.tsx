// What holds the memory, as a table: by holder, by type, by module.

import type { VNode } from "preact";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import { formatPercent } from "../../../src/base/format-percent.ts";
import type { HolderUsage, ModuleUsage, TopReport, TypeUsage } from "../../../src/model/heap-reports.ts";
import { changedAddress } from "../../address/address.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answer } from "../../parts/answer.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import type { HeapCentreProps } from "./heap-centre.tsx";

const GROUPINGS = ["holder", "type", "module"] as const;
const EMPTY = "There is no row. The heap is empty.";

export function HeapTable({ store, id }: HeapCentreProps): VNode {
  const { loaded, again } = useAnswer<TopReport>(store.api, `/api/snapshots/${id}/top?limit=500`, "answer");
  const { address } = store.state();
  const by = GROUPINGS.find((each) => each === address.query["by"]) ?? "holder";
  return (
    <>
      <nav class="tabs small" aria-label="Rows">
        {GROUPINGS.map((each) => (
          <a key={each} href={changedAddress(address, { by: each })} aria-current={each === by ? "true" : undefined}>
            By {each}
          </a>
        ))}
      </nav>
      <Answer loaded={loaded} doing="Summing up what holds the memory" again={again}>
        {(report) => <TopTable store={store} id={id} report={report} by={by} />}
      </Answer>
    </>
  );
}

interface TopTableProps extends HeapCentreProps {
  readonly report: TopReport;
  readonly by: (typeof GROUPINGS)[number];
}

function TopTable({ store, report, by }: TopTableProps): VNode {
  const { address } = store.state();
  const link = (selector: string): string => changedAddress(address, { select: selector, row: null });
  switch (by) {
    case "holder":
      return (
        <DataTable
          store={store}
          caption="Memory by holder"
          columns={holderColumns(link)}
          rows={report.byHolder}
          keyOf={({ holder }) => `${holder.path} ${holder.kind}`}
          isSelected={({ holder }) => holder.path === address.query["select"]}
          empty={EMPTY}
        />
      );
    case "type":
      return (
        <DataTable
          store={store}
          caption="Memory by type"
          columns={typeColumns(link)}
          rows={report.byType}
          keyOf={({ name }) => name}
          isSelected={({ name }) => name === address.query["select"]}
          empty={EMPTY}
        />
      );
    case "module": {
      const query = (name: string): string => changedAddress(address, { view: "query", q: moduleQuery(name) });
      return (
        <DataTable
          store={store}
          caption="Memory by module"
          columns={moduleColumns(query)}
          rows={report.byModule}
          keyOf={({ name }) => name}
          empty={EMPTY}
        />
      );
    }
  }
}

function moduleQuery(name: string): string {
  return `objects where module = '${name.replaceAll("'", "''")}'`;
}

function holderColumns(link: (selector: string) => string): readonly Column<HolderUsage>[] {
  return [
    {
      title: "Holder",
      by: ({ holder }) => holder.path,
      cell: ({ holder }) => (
        <a href={link(holder.path)}>
          <code>{holder.path}</code>
        </a>
      ),
    },
    { title: "Holds", by: ({ heldBytes }) => heldBytes, cell: ({ heldBytes }) => formatBytes(heldBytes) },
    { title: "Share", by: ({ share }) => share, cell: ({ share }) => formatPercent(share) },
    { title: "Objects", by: ({ count }) => count, cell: ({ count }) => formatCount(count) },
    {
      title: "Mostly",
      by: ({ mostly }) => mostly?.type ?? "",
      cell: ({ mostly }) => (mostly === null ? "" : `${formatCount(mostly.count)} × ${mostly.type}`),
    },
  ];
}

function typeColumns(link: (selector: string) => string): readonly Column<TypeUsage>[] {
  return [
    {
      title: "Type",
      by: ({ name }) => name,
      cell: ({ name }) => (
        <a href={link(name)}>
          <code>{name}</code>
        </a>
      ),
    },
    { title: "Objects", by: ({ count }) => count, cell: ({ count }) => formatCount(count) },
    {
      title: "Themselves",
      by: ({ shallowBytes }) => shallowBytes,
      cell: ({ shallowBytes }) => formatBytes(shallowBytes),
    },
    {
      title: "Would be freed",
      by: ({ retainedBytes }) => retainedBytes,
      cell: ({ retainedBytes }) => formatBytes(retainedBytes),
    },
  ];
}

function moduleColumns(link: (name: string) => string): readonly Column<ModuleUsage>[] {
  return [
    { title: "Module", by: ({ name }) => name, cell: ({ name }) => <a href={link(name)}>{name}</a> },
    { title: "Objects", by: ({ count }) => count, cell: ({ count }) => formatCount(count) },
    {
      title: "Themselves",
      by: ({ shallowBytes }) => shallowBytes,
      cell: ({ shallowBytes }) => formatBytes(shallowBytes),
    },
    {
      title: "Would be freed",
      by: ({ retainedBytes }) => retainedBytes,
      cell: ({ retainedBytes }) => formatBytes(retainedBytes),
    },
  ];
}
