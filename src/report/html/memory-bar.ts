// Where the resident memory is, as one bar and its key.

import { formatBytes } from "../../base/format-bytes.ts";
import { formatPercent } from "../../base/format-percent.ts";
import type { MemorySplit } from "../../model/diagnosis.ts";
import { html, type Html } from "./html-text.ts";

const WIDTH = 800;
const HEIGHT = 28;

export function memoryBar(memory: MemorySplit): Html {
  const parts = [
    { name: "Python objects", bytes: memory.pythonLiveBytes, colour: "var(--a)" },
    { name: "free inside Python's allocator", bytes: memory.allocatorFreeBytes, colour: "var(--b)" },
    { name: "outside Python: C libraries, stacks, malloc", bytes: memory.nativeBytes, colour: "var(--c)" },
    { name: "shared with other processes", bytes: memory.sharedBytes, colour: "var(--d)" },
  ].filter(({ bytes }) => bytes > 0);
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total === 0) return html`<p>The memory of the process is not known.</p>`;
  let left = 0;
  const bars = parts.map(({ name, bytes, colour }) => {
    const width = (bytes / total) * WIDTH;
    const x = left;
    left += width;
    return html`<rect x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="${HEIGHT}" style="fill:${colour}"><title>${name}: ${formatBytes(bytes)}</title></rect>`;
  });
  const rows = parts.map(
    ({ name, bytes, colour }) =>
      html`<tr><td><span class="key" style="background:${colour}"></span>${name}</td><td class="number">${formatBytes(bytes)}</td><td class="number">${formatPercent(bytes / total, 0)}</td></tr>`,
  );
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Where the memory is; the table below has the figures">${bars}</svg>
<table><caption>Resident: ${formatBytes(memory.rssBytes)}</caption><tbody>${rows}</tbody></table>`;
}
