// What would be freed with what, as a picture: each row of rectangles lies within the row above it.

import { formatBytes } from "../../base/format-bytes.ts";
import { formatPercent } from "../../base/format-percent.ts";
import type { RetentionRow } from "../../model/page-reports.ts";
import { html, type Html } from "./html-text.ts";

const WIDTH = 1000;
const ROW_HEIGHT = 26;
const MOST_ROWS = 12;
/** What is narrower is not drawn: nobody could see it. */
const LEAST_WIDTH = 2;
/** A letter of the labels is about so wide. */
const LETTER_WIDTH = 6.4;
const COLOURS = ["var(--a)", "var(--b)", "var(--c)", "var(--d)"];

interface Rectangle {
  readonly row: RetentionRow;
  readonly x: number;
  readonly width: number;
  readonly depth: number;
  readonly colour: string;
}

/** At most some thousand rectangles, whatever the size of the heap. */
export function icicle(root: RetentionRow): Html {
  const rectangles = rectanglesOf(root);
  const depth = Math.max(0, ...rectangles.map((each) => each.depth));
  const total = root.retainedBytes;
  return html`<svg viewBox="0 0 ${WIDTH} ${(depth + 1) * ROW_HEIGHT}" role="img" aria-label="What would be freed with what; the tables have the figures">${rectangles.map((each) => drawn(each, total))}</svg>`;
}

function rectanglesOf(root: RetentionRow): readonly Rectangle[] {
  const found: Rectangle[] = [];
  const bytesPerUnit = Math.max(1, root.retainedBytes) / WIDTH;
  const place = (row: RetentionRow, left: number, depth: number, colour: string | null): void => {
    if (depth >= MOST_ROWS) return;
    let x = left;
    for (const [at, below] of row.below.entries()) {
      const width = below.retainedBytes / bytesPerUnit;
      // The rows are sorted: all that follow are narrower.
      if (width < LEAST_WIDTH) return;
      const own = colour ?? COLOURS[at % COLOURS.length] ?? "var(--a)";
      found.push({ row: below, x, width, depth, colour: own });
      place(below, x, depth + 1, own);
      x += width;
    }
  };
  place(root, 0, 0, null);
  return found;
}

function drawn({ row, x, width, depth, colour }: Rectangle, totalBytes: number): Html {
  const letters = Math.floor((width - 6) / LETTER_WIDTH);
  const label = row.label.length <= letters ? row.label : `${row.label.slice(0, Math.max(0, letters - 1))}…`;
  const size = `${formatBytes(row.retainedBytes)}, ${formatPercent(row.retainedBytes / totalBytes, 1)}`;
  const [left, top] = [x.toFixed(1), depth * ROW_HEIGHT];
  return html`<g><title>${row.label}: ${size}</title><rect x="${left}" y="${top}" width="${Math.max(1, width - 1).toFixed(1)}" height="${ROW_HEIGHT - 1}" style="fill:${colour};opacity:${(1 - depth * 0.06).toFixed(2)}"/>${
    letters < 3
      ? { html: "" }
      : html`<text x="${(x + 3).toFixed(1)}" y="${top + 17}" style="fill:var(--back)">${label}</text>`
  }</g>`;
}
