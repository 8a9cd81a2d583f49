// The object that is looked at: what it is, how large, and what it holds in turn.

import type { ComponentChildren, VNode } from "preact";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import type { WhyReport, WhySubject } from "../../../src/model/heap-reports.ts";
import { changedAddress } from "../../address/address.ts";
import { Answer } from "../../parts/answer.tsx";
import { Notice } from "../../parts/notice.tsx";
import type { Store } from "../../store/store.ts";
import { ObjectValue } from "./object-value.tsx";
import type { WhyPaneProps } from "./path-pane.tsx";
import { Source } from "./source-excerpt.tsx";

export interface ObjectPaneProps extends WhyPaneProps {
  /** Of the heap. */
  readonly id: string;
  readonly isRedacted: boolean;
}

export function ObjectPane({ store, id, selector, why, isRedacted }: ObjectPaneProps): VNode {
  return (
    <aside class="pane object-pane" aria-label="Object">
      <h2>Object</h2>
      {selector === null ? (
        <Notice kind="empty">Nothing is chosen yet. Click a place in the picture, or press / and search.</Notice>
      ) : (
        <Answer loaded={why} doing="Reading the object">
          {(report) => <Subjects store={store} id={id} report={report} isRedacted={isRedacted} />}
        </Answer>
      )}
    </aside>
  );
}

interface SubjectsProps extends Pick<ObjectPaneProps, "store" | "id" | "isRedacted"> {
  readonly report: WhyReport;
}

function Subjects({ store, id, report, isRedacted }: SubjectsProps): VNode | null {
  const [first, ...others] = report.subjects;
  if (first === undefined) return null;
  const { address } = store.state();
  return (
    <>
      <Subject store={store} id={id} subject={first} isRedacted={isRedacted} />
      {others.length > 0 && (
        <>
          <h3>Others, the largest first</h3>
          <ul class="plain">
            {others.map((other) => (
              <li key={other.address}>
                <a href={changedAddress(address, { select: other.address, row: null })}>{other.address}</a>{" "}
                <span class="aside">{formatBytes(other.heldBytes)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

interface SubjectProps extends Pick<ObjectPaneProps, "store" | "id" | "isRedacted"> {
  readonly subject: WhySubject;
}

function Subject({ store, id, subject, isRedacted }: SubjectProps): VNode {
  const { type, address, shallowBytes, retainedBytes, sharedBytes, entries, paths } = subject;
  const { address: here } = store.state();
  const holder = paths[0]?.holder ?? null;
  return (
    <>
      <p class="object-type">
        <code>{type}</code>
      </p>
      <dl class="facts">
        <Fact name="Address" value={<code>{address}</code>} />
        {entries !== null && <Fact name="Entries" value={formatCount(entries)} />}
        <Fact name="Itself" value={formatBytes(shallowBytes)} />
        <Fact name="Freed with it" value={formatBytes(retainedBytes)} />
        <Fact name="Shared" value={formatBytes(sharedBytes)} />
        {holder !== null && <Fact name="Kept as" value={holder.kind.replaceAll("-", " ")} />}
      </dl>
      <p class="actions">
        <a class="button" href={changedAddress(here, { view: "graph", select: address, pane: null })}>
          Show its neighbours
        </a>
      </p>
      <Source store={store} id={id} at={address} />
      <ObjectValue store={store} id={id} at={address} isRedacted={isRedacted} />
      <Holds store={store} subject={subject} />
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Holds({ store, subject }: { readonly store: Store; readonly subject: WhySubject }): VNode {
  const { address: here } = store.state();
  if (subject.holds.length === 0) return <p class="aside">It holds nothing.</p>;
  const most = Math.max(...subject.holds.map(({ heldBytes }) => heldBytes), 1);
  return (
    <>
      <h3>What it holds</h3>
      <ul class="bars">
        {subject.holds.slice(0, 40).map(({ edge, type, count, heldBytes }) => (
          <li key={`${edge} ${type}`}>
            <a href={changedAddress(here, { select: type, row: null })}>{type}</a>
            <span class="aside">
              {edge}
              {count > 1 ? ` · ${formatCount(count)}` : ""} · {formatBytes(heldBytes)}
            </span>
            <meter aria-label={`Share of ${type}`} min={0} max={most} value={heldBytes} />
          </li>
        ))}
      </ul>
    </>
  );
}
