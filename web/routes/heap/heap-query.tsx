// Objects for which some conditions hold.

import type { VNode } from "preact";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import { QUERY_FIELDS, type QueryGroup, type QueryReport, type QueryRow } from "../../../src/model/query-report.ts";
import { changedAddress } from "../../address/address.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answer } from "../../parts/answer.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Notice } from "../../parts/notice.tsx";
import type { Store } from "../../store/store.ts";
import type { HeapCentreProps } from "./heap-centre.tsx";

const EXAMPLES = [
  "dict where entries > 1k order by held limit 20",
  "objects where garbage group by type",
  "list, dict, set where held > 1M",
] as const;
const NOTHING = "No object is like that. Take a condition away, or look at the fields below.";

export function HeapQuery({ store, id }: HeapCentreProps): VNode {
  const { address } = store.state();
  const query = address.query["q"] ?? null;
  const { loaded } = useAnswer<QueryReport>(
    store.api,
    query === null ? null : `/api/snapshots/${id}/query?q=${encodeURIComponent(query)}`,
    "answer",
  );
  return (
    <>
      {query === null ? (
        <Notice kind="empty">
          Type a query into the search box, or begin with one of these:
          <ul>
            {EXAMPLES.map((example) => (
              <li key={example}>
                <a href={changedAddress(address, { q: example })}>
                  <code>{example}</code>
                </a>
              </li>
            ))}
          </ul>
        </Notice>
      ) : (
        <Answer loaded={loaded} doing="Going through the objects">
          {(report) => <Found store={store} report={report} />}
        </Answer>
      )}
      <details>
        <summary>Fields that a query may name</summary>
        <dl class="facts">
          {QUERY_FIELDS.map(({ name, is }) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>{is}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

function Found({ store, report }: { readonly store: Store; readonly report: QueryReport }): VNode {
  const { query, matched, shallowBytes, retainedBytes, rows, groups } = report;
  const { address } = store.state();
  const link = (selector: string): string => changedAddress(address, { select: selector, row: null });
  return (
    <>
      <p>
        <code>{query}</code>: {formatCount(matched)} objects, {formatBytes(shallowBytes)} themselves,{" "}
        {formatBytes(retainedBytes)} would be freed with all of them.
      </p>
      {groups === null ? (
        <DataTable
          store={store}
          caption="Objects"
          columns={rows.some(({ text }) => text !== null) ? [...rowColumns(link), TEXT] : rowColumns(link)}
          rows={rows}
          keyOf={({ address: at }) => at}
          isSelected={({ address: at }) => at === address.query["select"]}
          empty={NOTHING}
        />
      ) : (
        <DataTable
          store={store}
          caption="Groups"
          columns={groupColumns(link)}
          rows={groups}
          keyOf={({ name }) => name}
          empty={NOTHING}
        />
      )}
    </>
  );
}

/** Only where the server was started with --values. */
const TEXT: Column<QueryRow> = { title: "Text", cell: ({ text }) => <code>{text}</code> };

function rowColumns(link: (selector: string) => string): readonly Column<QueryRow>[] {
  return [
    {
      title: "Object",
      by: ({ path }) => path,
      cell: ({ path, address }) => (
        <a href={link(address)}>
          <code>{path}</code>
        </a>
      ),
    },
    { title: "Type", by: ({ type }) => type, cell: ({ type }) => type },
    { title: "Holds", by: ({ heldBytes }) => heldBytes, cell: ({ heldBytes }) => formatBytes(heldBytes) },
    {
      title: "Entries",
      by: ({ entries }) => entries ?? 0,
      cell: ({ entries }) => (entries === null ? "" : formatCount(entries)),
    },
  ];
}

function groupColumns(link: (selector: string) => string): readonly Column<QueryGroup>[] {
  return [
    { title: "Group", by: ({ name }) => name, cell: ({ name }) => <a href={link(name)}>{name}</a> },
    { title: "Objects", by: ({ count }) => count, cell: ({ count }) => formatCount(count) },
    {
      title: "Themselves",
      by: ({ shallowBytes }) => shallowBytes,
      cell: ({ shallowBytes }) => formatBytes(shallowBytes),
    },
    { title: "Hold", by: ({ heldBytes }) => heldBytes, cell: ({ heldBytes }) => formatBytes(heldBytes) },
  ];
}
