// A diagnosis as one HTML file: it opens from a disk without a network, runs no script, and prints.

import { formatBytes } from "../../base/format-bytes.ts";
import { formatCount } from "../../base/format-count.ts";
import { formatDuration } from "../../base/format-duration.ts";
import { causeName } from "../../model/cause-names.ts";
import type { Diagnosis, JudgedStep, Leak, LeakSite } from "../../model/diagnosis.ts";
import { DIAGNOSIS_ANSWERS, leakSentence } from "../diagnosis-words.ts";
import { renderJson } from "../json.ts";
import { growthPlot } from "./growth-plot.ts";
import { htmlPage } from "./html-page.ts";
import { html, NO_HTML, prose, type Html } from "./html-text.ts";
import { memoryBar } from "./memory-bar.ts";

const TONES = { good: "good", warning: "warn", bad: "bad" } as const;

/** `report`: with files named from where people look; `given`: as it is kept for programs. */
export function diagnosisHtml(report: Diagnosis, given: Diagnosis, version: string): string {
  const { words, tone } = DIAGNOSIS_ANSWERS[report.verdict];
  const title = `Process ${report.target.pid} ${words}`;
  return htmlPage(
    title,
    html`<h1 class="${TONES[tone]}">${title}.</h1>
<p>${prose(report.because.join(" "))}</p>
${targetLine(report)}
${report.leaks.map(leakSection)}
${dismissedSection(report)}
<section><h2>Memory</h2>${memoryBar(report.memory)}${forecastLine(report)}</section>
${warningSection(report)}
${againSection(given, version)}`,
  );
}

function targetLine({ target, window }: Diagnosis): Html {
  const watched = `${formatCount(window.samples)} samples and ${formatCount(window.snapshots)} snapshots in ${formatDuration(window.seconds * 1000)}`;
  const paused =
    window.pauseMs.length === 0 ? "" : `, each a pause of at most ${formatDuration(Math.max(...window.pauseMs))}`;
  return html`<p class="faint"><code>${target.command.join(" ")}</code>, CPython ${target.python}; ${watched}${paused}.</p>`;
}

function leakSection(leak: Leak): Html {
  const { cause, holder, sites, removals, because, ruledOut, fix, known } = leak;
  return html`<section>
<h2>${cause} ${causeName(cause)}: <code>${holder.path}</code></h2>
<p><strong>${leakSentence(leak)}</strong></p>
${leak.history === null ? NO_HTML : growthPlot(leak.history)}
${siteTable("Where it is put in", sites)}
${siteTable("Where it is taken out", removals)}
<h3>Why</h3>
<ul>${because.map((each) => html`<li>${prose(each)}</li>`)}</ul>
${pathList(leak.path)}
${ruledOut.length === 0 ? NO_HTML : html`<h3>What it is not</h3><ul>${ruledOut.map((each) => html`<li><strong>${each.what}</strong>: ${prose(each.because)}</li>`)}</ul>`}
${known === null ? NO_HTML : html`<h3>Known</h3><p>${prose(known.summary)} <a href="${known.url}">${known.url}</a></p>`}
${fix === null ? NO_HTML : html`<h3>Fix</h3><p>${prose(fix.text)}</p>${fix.patch === null ? NO_HTML : html`<pre>${fix.patch}</pre>`}`}
</section>
`;
}

function siteTable(title: string, sites: readonly LeakSite[]): Html {
  if (sites.length === 0) return NO_HTML;
  const rows = sites.map(
    ({ file, line, code, how }) =>
      html`<tr><td><code>${file}:${line}</code></td><td><code>${code}</code></td><td class="faint">${how}</td></tr>`,
  );
  return html`<h3>${title}</h3><table><tbody>${rows}</tbody></table>`;
}

function pathList(path: readonly JudgedStep[]): Html {
  if (path.length === 0) return NO_HTML;
  return html`<h3>What holds it</h3><ol class="path">${path.map(pathStep)}</ol>`;
}

function pathStep({ edge, type, entries, entriesGrowth, verdict, because, isFaulty }: JudgedStep): Html {
  const grown = entriesGrowth === null || entriesGrowth === 0 ? "" : ` (+${formatCount(entriesGrowth)})`;
  const count = entries === null ? "" : `, ${formatCount(entries)} entries${grown}`;
  const kind = isFaulty ? "faulty" : verdict;
  const mark = isFaulty ? html` <strong class="bad">the reference to cut</strong>` : NO_HTML;
  const reason = prose(because === "" ? verdict : `${verdict}: ${because}`);
  return html`<li class="${kind}"><code>${edge}</code> <span class="faint">${type}${count}</span>${mark}<br><span class="faint">${reason}</span></li>`;
}

function dismissedSection({ dismissed }: Diagnosis): Html {
  if (dismissed.length === 0) return NO_HTML;
  const rows = dismissed.map(
    ({ holder, growth }) =>
      html`<tr><td><code>${holder.path}</code></td><td>${growth.shape}</td><td>${prose(growth.because.join(" "))}</td></tr>`,
  );
  return html`<section><h2>Grew, and is no leak</h2><table><tbody>${rows}</tbody></table></section>`;
}

function forecastLine({ forecast: { limitBytes, reachedInSeconds } }: Diagnosis): Html {
  if (limitBytes === null) return NO_HTML;
  const reached =
    reachedInSeconds === null
      ? "is not reached at this pace"
      : `is reached in ${formatDuration(reachedInSeconds * 1000)}`;
  return html`<p>The limit of ${formatBytes(limitBytes)} ${reached}.</p>`;
}

function warningSection({ warnings }: Diagnosis): Html {
  if (warnings.length === 0) return NO_HTML;
  return html`<section><h2>To know</h2><ul>${warnings.map((each) => html`<li>${prose(each)}</li>`)}</ul></section>`;
}

/** How to see it again, and everything that was found, for programs. */
function againSection(report: Diagnosis, version: string): Html {
  const seconds = Math.round(report.window.seconds);
  return html`<section><h2>Again</h2>
<pre>deadweight diagnose --for ${seconds}s ${report.target.pid}
deadweight diagnose --for ${seconds}s ${report.target.pid} --compare before.json   # after a fix; before.json is the document below</pre>
<details><summary>The whole diagnosis as JSON</summary><pre>${renderJson(report)}</pre></details>
<p class="faint">deadweight ${version}</p></section>`;
}
