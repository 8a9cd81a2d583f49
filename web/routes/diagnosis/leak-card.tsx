// One leak: who holds it, the path with the reference to cut, the lines, what it is not, and the fix.

import type { ComponentChildren, VNode } from "preact";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount, formatCountGrowth } from "../../../src/base/format-count.ts";
import type { JudgedStep, Leak, LeakFix, LeakSite } from "../../../src/model/diagnosis.ts";
import { Words } from "../../parts/words.tsx";
import type { Store } from "../../store/store.ts";
import { isDark } from "../../store/theme.ts";
import { Plot } from "../../views/plot/plot.tsx";

const TONES = { proved: "bad", likely: "warn", possible: "" } as const;

export function LeakCard({ store, leak }: { readonly store: Store; readonly leak: Leak }): VNode {
  const { holder, confidence, cause, leaked, path, sites, removals, because, ruledOut, fix, history, known } = leak;
  return (
    <article class="leak">
      <h2>
        <code>{holder.path}</code> <span class={`chip ${TONES[confidence]}`}>{confidence}</span>{" "}
        <span class="chip">{cause}</span>
      </h2>
      <p>
        {formatCount(leaked.count)} × <code>{leaked.type}</code> ({formatCountGrowth(leaked.countGrowth)} while it was
        watched), {formatBytes(leaked.heldBytes)} held, {formatBytes(leaked.bytesPerMinute)} more per minute.
      </p>
      {known !== null && (
        <p>
          Known: {known.summary} ({known.package}
          {known.fixedIn === null ? "" : `, fixed in ${known.fixedIn}`})
        </p>
      )}
      {history !== null && history.points.length > 1 && (
        <Plot
          label={`Growth of ${holder.path}: from ${formatCount(leak.growth.first)} to ${formatCount(leak.growth.last)} ${history.unit}`}
          x={history.points.map(({ atSeconds }) => atSeconds)}
          series={[{ label: history.unit, values: history.points.map(({ value }) => value) }]}
          look={{
            unit: history.unit === "bytes" ? "bytes" : "count",
            xUnit: "seconds",
            isDark: isDark(store.state().theme),
            mark: null,
          }}
        />
      )}
      <div class="columns">
        <Part title="The path">
          <ol class="path">
            {path.map((step, at) => (
              <Step key={at} step={step} />
            ))}
          </ol>
        </Part>
        <div>
          <Sites title="Where it is put in" sites={sites} none="No line of the sources was found that does." />
          <Sites title="Where it is taken out" sites={removals} none="Nowhere." />
        </div>
      </div>
      <Sentences title="Why" texts={because} />
      <Sentences title="What it is not" texts={ruledOut.map((each) => `${each.what}: ${each.because}`)} />
      {fix !== null && <Fix fix={fix} />}
    </article>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Step({ step }: { readonly step: JudgedStep }): VNode {
  const { edge, type, verdict, because, isFaulty, entries, entriesGrowth } = step;
  const growth = entriesGrowth === null || entriesGrowth === 0 ? "" : ` (${formatCountGrowth(entriesGrowth)})`;
  return (
    <li class={isFaulty ? "faulty" : undefined}>
      <code>{edge}</code> <span class={verdict === "stuck" ? "chip warn" : "chip"}>{verdict}</span>
      {isFaulty && <strong> cut here</strong>}
      <span class="aside">
        {type}
        {entries === null ? "" : ` · ${formatCount(entries)} entries${growth}`} · {because}
      </span>
    </li>
  );
}

interface SitesProps {
  readonly title: string;
  readonly sites: readonly LeakSite[];
  readonly none: string;
}

function Sites({ title, sites, none }: SitesProps): VNode {
  return (
    <Part title={title}>
      {sites.length === 0 ? (
        <p class="aside">{none}</p>
      ) : (
        <ul class="plain">
          {sites.map(({ file, line, code, how }) => (
            <li key={`${file}:${line}`}>
              <span class="aside">
                {file}:{line} ({how})
              </span>
              <pre tabIndex={0}>{code}</pre>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Sentences({ title, texts }: { readonly title: string; readonly texts: readonly string[] }): VNode | null {
  if (texts.length === 0) return null;
  return (
    <Part title={title}>
      <ul>
        {texts.map((text) => (
          <li key={text}>
            <Words text={text} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Fix({ fix }: { readonly fix: LeakFix }): VNode {
  const { text, patch } = fix;
  return (
    <Part title="The fix">
      <p>
        <Words text={text} />
      </p>
      {patch !== null && (
        <>
          <button type="button" onClick={() => void navigator.clipboard.writeText(patch)}>
            Copy the patch
          </button>
          <pre tabIndex={0}>{patch}</pre>
        </>
      )}
    </Part>
  );
}
