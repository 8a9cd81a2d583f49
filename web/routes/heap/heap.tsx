// One heap: on the left what holds the object that is looked at, in the middle a way to find one, on the right the object.

import type { VNode } from "preact";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import { formatPercent } from "../../../src/base/format-percent.ts";
import type { WhyReport } from "../../../src/model/heap-reports.ts";
import type { HeapSummary } from "../../../src/model/page-reports.ts";
import { changedAddress } from "../../address/address.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answer } from "../../parts/answer.tsx";
import { Warnings } from "../../parts/notice.tsx";
import { momentText } from "../../parts/moment-text.ts";
import type { Store } from "../../store/store.ts";
import { HeapCentre } from "./heap-centre.tsx";
import { HEAP_VIEWS, heapViewOf } from "./heap-views.ts";
import { ObjectPane } from "./object-pane.tsx";
import { PathPane } from "./path-pane.tsx";
import { SearchBox } from "./search-box.tsx";

const PANES = ["path", "view", "object"] as const;

export function Heap({ store, id }: { readonly store: Store; readonly id: string }): VNode {
  const { loaded, again } = useAnswer<HeapSummary>(store.api, `/api/snapshots/${id}`, "answer");
  return (
    <Answer loaded={loaded} doing="Reading the heap" again={again}>
      {(summary) => <OpenHeap store={store} id={id} summary={summary} />}
    </Answer>
  );
}

interface OpenHeapProps {
  readonly store: Store;
  readonly id: string;
  readonly summary: HeapSummary;
}

function OpenHeap({ store, id, summary }: OpenHeapProps): VNode {
  const { address } = store.state();
  const selector = address.query["select"] ?? null;
  const why = useAnswer<WhyReport>(
    store.api,
    selector === null ? null : `/api/snapshots/${id}/why?limit=20&selector=${encodeURIComponent(selector)}`,
    "answer",
  );
  const view = heapViewOf(address);
  const shown = why.loaded.state === "ready" ? (why.loaded.value.subjects[0]?.address ?? null) : null;
  const pane = PANES.find((each) => each === address.query["pane"]) ?? "view";
  return (
    <div class="heap" data-pane={pane}>
      <HeapHead summary={summary} store={store} />
      <nav class="panes" aria-label="Panes">
        {PANES.map((each) => (
          <a
            key={each}
            href={changedAddress(address, { pane: each })}
            aria-current={each === pane ? "true" : undefined}
          >
            {each === "path" ? "What holds it" : each === "view" ? "Heap" : "Object"}
          </a>
        ))}
      </nav>
      <PathPane store={store} selector={selector} why={why.loaded} />
      <section class="pane centre" aria-label="Heap">
        <nav class="tabs" aria-label="Views">
          {HEAP_VIEWS.map(({ name, title }, at) => (
            <a
              key={name}
              href={changedAddress(address, { view: name })}
              aria-current={name === view ? "true" : undefined}
              aria-keyshortcuts={String(at + 1)}
            >
              {title}
            </a>
          ))}
        </nav>
        <HeapCentre store={store} id={id} view={view} shown={shown} />
      </section>
      <ObjectPane store={store} id={id} selector={selector} why={why.loaded} isRedacted={summary.isRedacted} />
    </div>
  );
}

function HeapHead({ summary, store }: { readonly summary: HeapSummary; readonly store: Store }): VNode {
  const { pid, python, takenAtMs, nodes, liveBytes, exactness, warnings } = summary;
  return (
    <header class="heap-head">
      <h1>{pid === null ? "Heap" : `Heap of ${pid}`}</h1>
      <p>
        Python {python} · {momentText(takenAtMs)} · {formatCount(nodes)} objects · {formatBytes(liveBytes)} ·{" "}
        {exactness === null ? (
          "no reference counts"
        ) : (
          <span title="Objects whose reference count is what the graph explains">
            explained {formatPercent(exactness)}
          </span>
        )}
      </p>
      <SearchBox store={store} />
      <Warnings texts={warnings} />
    </header>
  );
}
