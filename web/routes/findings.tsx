// What the sources say: hazards by file.

import type { VNode } from "preact";
import { formatCount } from "../../src/base/format-count.ts";
import type { Finding, ScanReport } from "../../src/model/finding.ts";
import { addressOf, changedAddress } from "../address/address.ts";
import { useJob } from "../api/use-job.ts";
import { Words } from "../parts/words.tsx";
import { JobProgress } from "../parts/job-progress.tsx";
import { JobTable } from "../parts/job-table.tsx";
import { Notice } from "../parts/notice.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { useStart } from "../parts/use-start.ts";
import type { Store } from "../store/store.ts";

export function Findings({ store }: { readonly store: Store; readonly id: string }): VNode {
  const { problem, isStarting, start } = useStart(store, ({ id }) => addressOf(["findings", id]));
  return (
    <>
      <header class="head">
        <h1>Findings</h1>
        <p>Places in the sources that keep memory for no reason, found without running anything.</p>
        <button type="button" class="main" disabled={isStarting} onClick={() => start("/api/findings", {})}>
          Scan the sources
        </button>
      </header>
      <ProblemNotice problem={problem} />
      <JobTable
        store={store}
        kinds={["findings"]}
        caption="Scans"
        placeOf={({ id }) => addressOf(["findings", id])}
        empty="The sources were not scanned since the server began."
      />
    </>
  );
}

export function FindingsPage({ store, id }: { readonly store: Store; readonly id: string }): VNode {
  const { job, result, cancel } = useJob<ScanReport>(store.api, id);
  return (
    <>
      <header class="head">
        <h1>Findings{job === null ? "" : ` in ${job.about}`}</h1>
      </header>
      {result.state === "loading" && <JobProgress job={job} doing="Scanning" onCancel={cancel} />}
      {result.state === "failed" && (
        <>
          <ProblemNotice problem={result.problem} />
          <a href="/findings">Scan again</a>
        </>
      )}
      {result.state === "ready" && <Scanned store={store} report={result.value} />}
    </>
  );
}

function Scanned({ store, report }: { readonly store: Store; readonly report: ScanReport }): VNode {
  const { files, lines, findings, problems } = report;
  const { address } = store.state();
  const code = address.query["code"] ?? null;
  const codes = [...new Set(findings.map((each) => each.code))].toSorted();
  const shown = findings.filter((each) => code === null || each.code === code);
  const byFile = new Map<string, Finding[]>();
  for (const finding of shown) byFile.set(finding.file, [...(byFile.get(finding.file) ?? []), finding]);
  return (
    <>
      <p>
        {formatCount(findings.length)} findings in {formatCount(files)} files, {formatCount(lines)} lines.
      </p>
      {codes.length > 1 && (
        <nav class="tabs small" aria-label="Rules">
          {[null, ...codes].map((each) => (
            <a
              key={each}
              href={changedAddress(address, { code: each })}
              aria-current={each === code ? "true" : undefined}
            >
              {each ?? "All"}
            </a>
          ))}
        </nav>
      )}
      {findings.length === 0 && <Notice kind="done">Nothing was found in these sources.</Notice>}
      {[...byFile].map(([file, found]) => (
        <section key={file} class="card">
          <h2>
            <code>{file}</code> <span class="aside">{found.length}</span>
          </h2>
          <ul class="plain findings">
            {found.map((finding) => (
              <FindingRow key={finding.fingerprint} finding={finding} />
            ))}
          </ul>
        </section>
      ))}
      {problems.map(({ file, message }) => (
        <Notice key={`${file} ${message}`} kind="warning">
          {file}: {message}
        </Notice>
      ))}
    </>
  );
}

const TONES = { certain: "bad", likely: "warn", possible: "" } as const;

function FindingRow({ finding }: { readonly finding: Finding }): VNode {
  const { line, code, name, cause, confidence, message, holder, bound, fix, related } = finding;
  return (
    <li>
      <p>
        <span class="aside">line {line}</span> <strong>{name}</strong> <span class="chip">{code}</span>{" "}
        <span class="chip">{cause}</span> <span class={`chip ${TONES[confidence]}`}>{confidence}</span>
      </p>
      <p>
        <Words text={message} />
      </p>
      <details>
        <summary>Evidence and fix</summary>
        {holder !== null && (
          <p>
            Kept by <code>{holder}</code>: {bound}.
          </p>
        )}
        <ul>
          {related.map((each) => (
            <li key={`${each.file}:${each.line}:${each.message}`}>
              {each.file}:{each.line} <Words text={each.message} />
            </li>
          ))}
        </ul>
        {fix !== null && (
          <p>
            <Words text={fix.text} />
          </p>
        )}
        <p class="aside">
          The rule's page: <code>deadweight explain {code}</code>
        </p>
      </details>
    </li>
  );
}
