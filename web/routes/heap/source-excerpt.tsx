// Where the object is kept, in the source: the lines around that place.

import type { VNode } from "preact";
import type { SourceExcerpt } from "../../../src/model/page-reports.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answer } from "../../parts/answer.tsx";
import type { Store } from "../../store/store.ts";

export interface ObjectOfHeapProps {
  readonly store: Store;
  readonly id: string;
  /** Of the object. */
  readonly at: string;
}

export function Source({ store, id, at }: ObjectOfHeapProps): VNode {
  const { loaded } = useAnswer<SourceExcerpt>(store.api, `/api/snapshots/${id}/source?address=${at}`, "answer");
  return (
    <section>
      <h3>Where it is kept</h3>
      <Answer loaded={loaded} doing="Reading the source">
        {(excerpt) => <Excerpt excerpt={excerpt} />}
      </Answer>
    </section>
  );
}

function Excerpt({ excerpt }: { readonly excerpt: SourceExcerpt }): VNode {
  const { file, line, lines, remark } = excerpt;
  return (
    <>
      {file !== null && (
        <p class="aside file">
          {file}
          {line === null ? "" : `:${line}`}
        </p>
      )}
      {lines.length > 0 && (
        <pre class="source" tabIndex={0} aria-label={`Lines of ${file ?? "the source"}`}>
          {lines.map((each) => (
            <span key={each.line} class={each.line === line ? "chosen" : undefined}>
              <span class="number" aria-hidden="true">
                {each.line}
              </span>
              {`${each.text}\n`}
            </span>
          ))}
        </pre>
      )}
      {remark !== null && <p class="aside">{remark}</p>}
    </>
  );
}
