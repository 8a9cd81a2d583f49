// A series over time as a line: what a holder contained while it was watched.

import { formatBytes } from "../../base/format-bytes.ts";
import { formatCount } from "../../base/format-count.ts";
import { formatDuration } from "../../base/format-duration.ts";
import type { GrowthHistory } from "../../model/diagnosis.ts";
import { html, NO_HTML, type Html } from "./html-text.ts";

const WIDTH = 800;
const HEIGHT = 180;
const LEFT = 4;
const TOP = 18;
const BOTTOM = 22;

/** Nothing when there are too few points for a line. The axis begins at the least value: the figures say how far that is from 0. */
export function growthPlot({ unit, points }: GrowthHistory): Html {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 3) return NO_HTML;
  const amount = (value: number): string => (unit === "bytes" ? formatBytes(value) : `${formatCount(value)} ${unit}`);
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const spanSeconds = last.atSeconds - first.atSeconds || 1;
  const x = (atSeconds: number): number => LEFT + ((atSeconds - first.atSeconds) / spanSeconds) * (WIDTH - 2 * LEFT);
  const y = (value: number): number => TOP + (1 - (value - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const line = points.map(({ atSeconds, value }) => `${x(atSeconds).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const label = `Growth from ${amount(first.value)} to ${amount(last.value)} in ${formatDuration(spanSeconds * 1000)}`;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<line x1="${LEFT}" x2="${WIDTH - LEFT}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}" style="stroke:var(--line)"/>
<polyline points="${line}" style="fill:none;stroke:var(--a);stroke-width:2"/>
<text x="${LEFT}" y="12">${amount(high)}</text>
<text x="${LEFT}" y="${HEIGHT - 6}">${amount(low)}</text>
<text x="${WIDTH - LEFT}" y="${HEIGHT - 6}" text-anchor="end">${formatDuration(spanSeconds * 1000)}</text>
</svg>`;
}
