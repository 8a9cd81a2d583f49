// What the object says. Nobody sees it who did not ask, and nobody at all unless the server was started with --values.

import type { VNode } from "preact";
import { formatCount } from "../../../src/base/format-count.ts";
import type { ValueReport } from "../../../src/model/page-reports.ts";
import { changedAddress } from "../../address/address.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answer } from "../../parts/answer.tsx";
import type { ObjectOfHeapProps } from "./source-excerpt.tsx";

export interface ObjectValueProps extends ObjectOfHeapProps {
  readonly isRedacted: boolean;
}

export function ObjectValue({ store, id, at, isRedacted }: ObjectValueProps): VNode {
  const { address } = store.state();
  const isAsked = address.query["value"] === "shown";
  const { loaded } = useAnswer<ValueReport>(
    store.api,
    isAsked && !isRedacted ? `/api/snapshots/${id}/value?address=${at}` : null,
    "answer",
  );
  return (
    <section>
      <h3>Value</h3>
      {isRedacted ? (
        <p class="aside">
          Redacted: texts need a heap taken with <code>--values</code>, and a server started with it.
        </p>
      ) : isAsked ? (
        <>
          <Answer loaded={loaded} doing="Reading the value">
            {(report) => <Values report={report} link={(to) => changedAddress(address, { select: to, row: null })} />}
          </Answer>
          <p>
            <a href={changedAddress(address, { value: null })}>Hide it</a>
          </p>
        </>
      ) : (
        <p>
          <a class="button" href={changedAddress(address, { value: "shown" })}>
            Show the value
          </a>
        </p>
      )}
    </section>
  );
}

interface ValuesProps {
  readonly report: ValueReport;
  readonly link: (address: string) => string;
}

function Values({ report, link }: ValuesProps): VNode {
  const { text, entries, hidden } = report;
  return (
    <>
      {text !== null && (
        <pre class="source" tabIndex={0} aria-label="Text of the object">
          {text}
        </pre>
      )}
      {text === null && entries.length === 0 && <p class="aside">It has no text, and holds nothing that has a name.</p>}
      <ul class="plain values">
        {entries.map(({ edge, type, text: said, address }, at) => (
          <li key={at}>
            <a href={link(address)}>
              <code>{edge}</code>
            </a>{" "}
            {said === null ? <span class="aside">{type}</span> : <code>{JSON.stringify(said)}</code>}
          </li>
        ))}
      </ul>
      {hidden > 0 && <p class="aside">{formatCount(hidden)} more.</p>}
    </>
  );
}
