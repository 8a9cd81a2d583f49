// A heap as one HTML file: it opens from a disk without a network, runs no script, and prints.

import { formatBytes } from "../../base/format-bytes.ts";
import { formatCount } from "../../base/format-count.ts";
import { formatDuration } from "../../base/format-duration.ts";
import { formatPercent } from "../../base/format-percent.ts";
import type { HolderUsage, ModuleUsage, TopReport, TypeUsage, WhyReport } from "../../model/heap-reports.ts";
import type { PathStep } from "../../model/holder.ts";
import type { RetentionRow } from "../../model/page-reports.ts";
import { html, NO_HTML, prose, type Html } from "./html-text.ts";
import { htmlPage } from "./html-page.ts";
import { icicle } from "./icicle.ts";

export interface HeapPage {
  /** What the heap is called: a file or a process. */
  readonly name: string;
  readonly toolVersion: string;
  readonly top: TopReport;
  readonly root: RetentionRow;
  /** Of the largest holders. */
  readonly whys: readonly WhyReport[];
}

/** Smaller holders are for a spreadsheet. */
const LEAST_SHARE = 0.001;
const LEAST_ROWS = 10;

export function heapHtml({ name, toolVersion, top, root, whys }: HeapPage): string {
  const { byHolder, byType, byModule, warnings } = top;
  return htmlPage(
    `${name} holds ${formatBytes(top.liveBytes)}`,
    html`<h1>${name} holds ${formatBytes(top.liveBytes)}.</h1>
${factsLine(top)}
<section><h2>What would be freed with what</h2>${icicle(root)}<p class="faint">A rectangle is as wide as what would be freed with it; what it holds lies below it. Names appear where the pointer rests.</p></section>
<section><h2>Holders</h2>${holderTable(byHolder, top.liveBytes)}</section>
${whys.map(pathsOf)}
<section><h2>Types</h2>${usageTable(byType, "type")}</section>
<section><h2>Modules</h2>${usageTable(byModule, "module")}</section>
${garbageSection(top)}
${warnings.length === 0 ? NO_HTML : html`<section><h2>To know</h2><ul>${warnings.map((each) => html`<li>${prose(each)}</li>`)}</ul></section>`}
<section><h2>Again</h2><pre>deadweight top ${name}
deadweight export ${name} --format html</pre><p class="faint">deadweight ${toolVersion}</p></section>`,
  );
}

function factsLine({ python, pid, nodes, exactness, pauseMs }: TopReport): Html {
  const of = pid === null ? "" : ` of process ${pid}`;
  const paused = pauseMs === null ? "" : `; the process stood still for ${formatDuration(pauseMs)}`;
  const exact =
    exactness === null
      ? "the source has no reference counts to compare with"
      : `${formatPercent(exactness, 1)} of them have exactly the references that their reference count says`;
  return html`<p class="faint">CPython ${python}${of}, ${formatCount(nodes)} objects; ${exact}${paused}.</p>`;
}

function holderTable(holders: readonly HolderUsage[], liveBytes: number): Html {
  const large = holders.filter(({ share }, at) => at < LEAST_ROWS || share >= LEAST_SHARE);
  const rows = large.map(
    ({ holder, heldBytes, entries, mostly }) =>
      html`<tr><td class="number">${formatBytes(heldBytes)}</td><td class="number">${formatPercent(heldBytes / liveBytes, 1)}</td><td><code>${holder.path}</code> <span class="faint">${holder.type}${entries === null ? "" : `, ${formatCount(entries)} entries`}${mostly === null ? "" : `, mostly ${mostly.type}`}</span></td></tr>`,
  );
  return html`<table><thead><tr><th class="number">held</th><th class="number">share</th><th>holder</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function usageTable(rows: readonly (TypeUsage | ModuleUsage)[], what: string): Html {
  const lines = rows.map(
    ({ name, count, shallowBytes, retainedBytes }) =>
      html`<tr><td class="number">${formatBytes(retainedBytes)}</td><td class="number">${formatBytes(shallowBytes)}</td><td class="number">${formatCount(count)}</td><td><code>${name}</code></td></tr>`,
  );
  return html`<table><thead><tr><th class="number">retained</th><th class="number">own</th><th class="number">objects</th><th>${what}</th></tr></thead><tbody>${lines}</tbody></table>`;
}

function pathsOf({ selector, subjects }: WhyReport): Html {
  const [subject] = subjects;
  const path = subject?.paths[0];
  if (subject === undefined || path === undefined) return NO_HTML;
  return html`<section><h3>What holds <code>${selector}</code></h3><ol class="path">${path.steps.map(stepItem)}</ol></section>`;
}

function stepItem({ edge, type, heldBytes, entries }: PathStep): Html {
  const count = entries === null ? "" : `, ${formatCount(entries)} entries`;
  return html`<li><code>${edge}</code> <span class="faint">${type}${count}, holds ${formatBytes(heldBytes)}</span></li>`;
}

function garbageSection({ garbage }: TopReport): Html {
  if (garbage.count === 0) return NO_HTML;
  const rows = garbage.groups.map(
    ({ types, cycles, count, shallowBytes }) =>
      html`<tr><td class="number">${formatBytes(shallowBytes)}</td><td class="number">${formatCount(count)}</td><td class="number">${formatCount(cycles)}</td><td><code>${types}</code></td></tr>`,
  );
  return html`<section><h2>Garbage that waits for the collector</h2><p>${formatCount(garbage.count)} objects, ${formatBytes(garbage.shallowBytes)}.</p><table><thead><tr><th class="number">bytes</th><th class="number">objects</th><th class="number">cycles</th><th>types</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}
