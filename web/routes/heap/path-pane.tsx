// What holds the object that is looked at: the way from a root to it, each step an object one can look at in turn.

import type { VNode } from "preact";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import type { PathGroup, RetainingPath, WhyReport, WhySubject } from "../../../src/model/heap-reports.ts";
import type { PathStep } from "../../../src/model/holder.ts";
import { changedAddress } from "../../address/address.ts";
import type { Loaded } from "../../api/use-answer.ts";
import { Answer } from "../../parts/answer.tsx";
import { Notice } from "../../parts/notice.tsx";
import type { Store } from "../../store/store.ts";

export interface WhyPaneProps {
  readonly store: Store;
  readonly selector: string | null;
  readonly why: Loaded<WhyReport>;
}

export function PathPane({ store, selector, why }: WhyPaneProps): VNode {
  return (
    <aside class="pane path-pane" aria-label="What holds this">
      <h2>What holds this</h2>
      {selector === null ? (
        <Notice kind="empty">
          Choose a place in the middle, or search for one: here stands the path that keeps it alive.
        </Notice>
      ) : (
        <Answer loaded={why} doing="Following the references">
          {(report) => <Paths store={store} report={report} />}
        </Answer>
      )}
    </aside>
  );
}

function Paths({ store, report }: { readonly store: Store; readonly report: WhyReport }): VNode {
  const { matched, groups, subjects } = report;
  const [first] = subjects;
  if (first === undefined) return <Notice kind="empty">Nothing in this heap is called that.</Notice>;
  return (
    <>
      {groups.length > 0 && <Groups groups={groups} matched={matched} />}
      {matched > 1 && <p class="aside">The path of the first of {formatCount(matched)}:</p>}
      <SubjectPaths store={store} subject={first} />
    </>
  );
}

function Groups({ groups, matched }: { readonly groups: readonly PathGroup[]; readonly matched: number }): VNode {
  return (
    <>
      <p>{formatCount(matched)} objects, kept by:</p>
      <ul class="groups">
        {groups.slice(0, 12).map(({ pattern, count }) => (
          <li key={pattern}>
            <code>{pattern}</code> <span class="aside">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function SubjectPaths({ store, subject }: { readonly store: Store; readonly subject: WhySubject }): VNode {
  const { garbage, paths, nativeReferences } = subject;
  if (garbage)
    return <Notice kind="empty">Nothing reaches it any more: the collector will free it when it runs next.</Notice>;
  return (
    <>
      {paths.map((path, at) => (
        <Path key={path.path} store={store} path={path} isFirst={at === 0} />
      ))}
      {nativeReferences > 0 && (
        <p class="aside">{formatCount(nativeReferences)} more references come from C code, which has no names.</p>
      )}
    </>
  );
}

interface PathProps {
  readonly store: Store;
  readonly path: RetainingPath;
  readonly isFirst: boolean;
}

function Path({ store, path, isFirst }: PathProps): VNode {
  const steps = (
    <ol class="path">
      {path.steps.map((step, at) => (
        <Step key={at} store={store} step={step} isLast={at === path.steps.length - 1} />
      ))}
    </ol>
  );
  if (isFirst) return steps;
  return (
    <details>
      <summary>
        Also <code>{path.path}</code>
      </summary>
      {steps}
    </details>
  );
}

interface StepProps {
  readonly store: Store;
  readonly step: PathStep;
  readonly isLast: boolean;
}

function Step({ store, step, isLast }: StepProps): VNode {
  const { edge, type, address, heldBytes, entries } = step;
  const { address: here } = store.state();
  return (
    <li class={isLast ? "last" : undefined}>
      {address === null ? (
        <code>{edge}</code>
      ) : (
        <a href={changedAddress(here, { select: address, row: null })} aria-current={isLast ? "true" : undefined}>
          <code>{edge}</code>
        </a>
      )}
      <span class="aside">
        {type}
        {entries === null ? "" : ` · ${formatCount(entries)} entries`} · {formatBytes(heldBytes)}
      </span>
    </li>
  );
}
