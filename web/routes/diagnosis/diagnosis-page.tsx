// One diagnosis: on its way, or with its verdict.

import type { VNode } from "preact";
import { countOf } from "../../../src/base/format-count.ts";
import { formatDuration } from "../../../src/base/format-duration.ts";
import type { Diagnosis } from "../../../src/model/diagnosis.ts";
import { useJob } from "../../api/use-job.ts";
import { Words } from "../../parts/words.tsx";
import { commandText } from "../../parts/command-text.ts";
import { JobProgress } from "../../parts/job-progress.tsx";
import { Warnings } from "../../parts/notice.tsx";
import { ProblemNotice } from "../../parts/problem-notice.tsx";
import type { Store } from "../../store/store.ts";
import { LeakCard } from "./leak-card.tsx";
import { MemoryBar } from "./memory-bar.tsx";

export function DiagnosisPage({ store, id }: { readonly store: Store; readonly id: string }): VNode {
  const { job, result, cancel } = useJob<Diagnosis>(store.api, id);
  return (
    <>
      <header class="head">
        <h1>Diagnosis{job === null ? "" : ` of ${job.about}`}</h1>
      </header>
      {result.state === "loading" && (
        <JobProgress job={job} doing="Diagnosing" onCancel={cancel} cancelText="End it now, and judge what was seen" />
      )}
      {result.state === "failed" && (
        <>
          <ProblemNotice problem={result.problem} />
          <a href="/diagnoses">Make a new diagnosis</a>
        </>
      )}
      {result.state === "ready" && <Judged store={store} diagnosis={result.value} />}
    </>
  );
}

const BAD: readonly string[] = ["leak"];

function Judged({ store, diagnosis }: { readonly store: Store; readonly diagnosis: Diagnosis }): VNode {
  const { target, verdict, because, leaks, memory, warnings, dismissed, forecast } = diagnosis;
  const tone = BAD.includes(verdict) ? "bad" : verdict === "steady" ? "good" : "warn";
  return (
    <>
      <section class={`verdict ${tone}`} aria-label="Verdict">
        <strong>{verdict}</strong>
        <p>
          <Words text={because.join(" ")} />
        </p>
        <p class="aside">
          <code>{commandText(target.command)}</code> · Python {target.python} · {windowText(diagnosis)}
        </p>
      </section>
      <Warnings texts={warnings} />
      <MemoryBar memory={memory} />
      {forecast.reachedInSeconds !== null && (
        <p>At this rate the limit is reached in {formatDuration(forecast.reachedInSeconds * 1000)}.</p>
      )}
      {leaks.map((leak) => (
        <LeakCard key={leak.fingerprint} store={store} leak={leak} />
      ))}
      {dismissed.length > 0 && (
        <details>
          <summary>What grew and is no leak ({dismissed.length})</summary>
          <ul>
            {dismissed.map(({ holder, growth }) => (
              <li key={holder.path}>
                <code>{holder.path}</code>: {growth.shape}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function windowText({ window: { seconds, samples, snapshots, pauseMs } }: Diagnosis): string {
  const longest = Math.max(0, ...pauseMs);
  return `${Math.round(seconds)} s, ${countOf(samples, "sample")}, ${countOf(snapshots, "snapshot")}; it stood still for ${formatDuration(longest)} at most`;
}
