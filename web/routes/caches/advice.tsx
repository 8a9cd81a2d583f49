// Which bounds caches should have: how often each would answer with other bounds.

import type { VNode } from "preact";
import { formatBytesGrowth } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import { formatPercent } from "../../../src/base/format-percent.ts";
import type { CacheAdvice, CacheAdviceReport } from "../../../src/model/cache-advice.ts";
import { useJob } from "../../api/use-job.ts";
import { JobProgress } from "../../parts/job-progress.tsx";
import { Notice, Warnings } from "../../parts/notice.tsx";
import { ProblemNotice } from "../../parts/problem-notice.tsx";
import type { Store } from "../../store/store.ts";
import { isDark } from "../../store/theme.ts";
import { Plot } from "../../views/plot/plot.tsx";
import { boundText } from "./inventory.tsx";

export function Advice({ store, id }: { readonly store: Store; readonly id: string }): VNode {
  const { job, result, cancel } = useJob<CacheAdviceReport>(store.api, id);
  return (
    <>
      <header class="head">
        <h1>Bounds{job === null ? "" : ` for ${job.about}`}</h1>
      </header>
      {result.state === "loading" && (
        <JobProgress job={job} doing="Watching the calls of" onCancel={cancel} cancelText="End it now" />
      )}
      {result.state === "failed" && <ProblemNotice problem={result.problem} />}
      {result.state === "ready" && <Advised store={store} report={result.value} />}
    </>
  );
}

function Advised({ store, report }: { readonly store: Store; readonly report: CacheAdviceReport }): VNode {
  return (
    <>
      <Warnings texts={report.warnings} />
      {report.caches.length === 0 && (
        <Notice kind="empty">No cache was asked while it was watched. Try again while the program works.</Notice>
      )}
      {report.caches.map((cache) => (
        <AdviceCard key={cache.name} cache={cache} isDark={isDark(store.state().theme)} />
      ))}
    </>
  );
}

const TONES = { shrink: "warn", grow: "warn", keep: "good", refused: "" } as const;

function AdviceCard({ cache, isDark: isDarkNow }: { readonly cache: CacheAdvice; readonly isDark: boolean }): VNode {
  const { name, verdict, bound, offer, because, calls, missRatio, curve } = cache;
  return (
    <article class="card">
      <h2>
        <code>{name}</code> <span class={`chip ${TONES[verdict]}`}>{verdict}</span>
      </h2>
      <p>
        Bound {boundText(bound)}; {formatCount(calls)} calls
        {missRatio === null ? "" : `, ${formatPercent(1 - missRatio)} answered from the cache`}.
        {offer !== null &&
          ` With ${formatCount(offer.size)} entries: ${formatPercent(1 - offer.missRatio)}, ${formatBytesGrowth(offer.bytes)}.`}
      </p>
      {curve.length > 1 && (
        <Plot
          label={`Share of answers by bound, from ${formatPercent(1 - (curve[0]?.missRatio ?? 1))} with ${curve[0]?.size} entries to ${formatPercent(1 - (curve.at(-1)?.missRatio ?? 1))} with ${curve.at(-1)?.size}`}
          x={curve.map(({ size }) => size)}
          series={[{ label: "answered from the cache", values: curve.map((point) => 1 - point.missRatio) }]}
          look={{
            unit: "share",
            xUnit: "entries",
            isDark: isDarkNow,
            mark: bound.kind === "entries" ? { at: bound.entries, name: `now ${formatCount(bound.entries)}` } : null,
          }}
        />
      )}
      {because.map((text) => (
        <p key={text} class="aside">
          {text}
        </p>
      ))}
    </article>
  );
}
