// A flame graph as one HTML file that needs no network: calls from top to bottom, as wide as what they allocated. It can be read without
// its script, which only widens the frame that is clicked.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf } from "../base/format-count.ts";
import { formatPercent } from "../base/format-percent.ts";
import type { TracedFrame, TracedStack } from "../model/trace-report.ts";
import { escapeMarkup } from "./escape-markup.ts";

/** Narrower frames would be less than a pixel wide, and each costs an element. */
const NARROWEST_SHARE = 0.0005;
const ROW_PIXELS = 18;
const PERCENT_DIGITS = 4;

/** One place of a tree of calls. */
interface Call {
  readonly frame: TracedFrame | null;
  bytes: number;
  readonly called: Map<string, Call>;
}

interface Drawn {
  readonly boxes: readonly string[];
  readonly rows: number;
  readonly leftOut: number;
}

/** The whole page. Stacks as `trace` gives them, bytes of their last lines; `title` is plain text. O(frames of all stacks). */
export function flameGraphPage(stacks: readonly TracedStack[], title: string): string {
  const root = callTree(stacks);
  const { boxes, rows, leftOut } = draw(root, title);
  const hidden =
    leftOut === 0 ? "" : ` Not drawn: ${countOf(leftOut, "frame")} narrower than ${formatPercent(NARROWEST_SHARE, 2)}.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeMarkup(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeMarkup(title)}</h1>
<p>${formatBytes(root.bytes)} allocated in the window and still alive. A frame is as wide as what it and its calls allocated; the
outermost call is on top. Click a frame to widen it, the top one to go back.${hidden}</p>
<div id="graph" style="height:${rows * ROW_PIXELS}px">
${boxes.join("\n")}
</div>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function callTree(stacks: readonly TracedStack[]): Call {
  const root: Call = { frame: null, bytes: 0, called: new Map() };
  for (const { frames, bytes } of stacks) {
    let at = root;
    at.bytes += bytes;
    for (const frame of frames) {
      const key = `${frame.line} ${frame.file}`;
      const next = at.called.get(key) ?? { frame, bytes: 0, called: new Map<string, Call>() };
      at.called.set(key, next);
      next.bytes += bytes;
      at = next;
    }
  }
  return root;
}

function draw(root: Call, title: string): Drawn {
  const boxes: string[] = [];
  const total = Math.max(1, root.bytes);
  let rows = 0;
  let leftOut = 0;
  const visit = (call: Call, row: number, startBytes: number): void => {
    if (call.bytes < total * NARROWEST_SHARE && call !== root) return void (leftOut += 1);
    rows = Math.max(rows, row + 1);
    boxes.push(box(call, { row, startBytes, total, title }));
    let childStart = startBytes;
    for (const each of [...call.called.values()].sort((a, b) => b.bytes - a.bytes)) {
      visit(each, row + 1, childStart);
      childStart += each.bytes;
    }
  };
  visit(root, 0, 0);
  return { boxes, rows, leftOut };
}

interface Place {
  readonly row: number;
  readonly startBytes: number;
  readonly total: number;
  readonly title: string;
}

function box({ frame, bytes }: Call, { row, startBytes, total, title }: Place): string {
  const percent = (share: number): string => `${Number((share * 100).toFixed(PERCENT_DIGITS))}%`;
  const whole = frame === null ? title : `${frame.file}:${frame.line}`;
  const short = frame === null ? title : `${frame.file.split("/").slice(-2).join("/")}:${frame.line}`;
  const said = `${whole}\n${formatBytes(bytes)}, ${formatPercent(bytes / total)}`;
  const place = `left:${percent(startBytes / total)};width:${percent(bytes / total)};top:${row * ROW_PIXELS}px`;
  return `<div class="c${colourOf(frame)}" style="${place}" title="${escapeMarkup(said)}">${escapeMarkup(short)}</div>`;
}

/** The same file has the same colour, in every graph. */
function colourOf(frame: TracedFrame | null): number {
  let hash = 0;
  for (const letter of frame?.file ?? "") hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % COLOURS.length;
  return hash;
}

const COLOURS = ["#f4c095", "#f2a97e", "#eec46b", "#e9b872", "#f0d08c", "#e8a598", "#dfc27d", "#f6d5b0"];
const STYLE = `
body{font:13px/1.4 system-ui,sans-serif;margin:16px;color:#222;background:#fff}
h1{font-size:16px}
#graph{position:relative;overflow:hidden}
#graph div{position:absolute;height:${ROW_PIXELS - 1}px;line-height:${ROW_PIXELS - 1}px;overflow:hidden;white-space:nowrap;
text-overflow:ellipsis;box-sizing:border-box;padding:0 3px;border-right:1px solid #fff;cursor:pointer;font-size:11px}
${COLOURS.map((colour, at) => `.c${at}{background:${colour}}`).join("\n")}
`;
const SCRIPT = `
const boxes = Array.from(document.querySelectorAll("#graph div"), (element) => {
  const { left, width } = element.style;
  return { element, left: parseFloat(left), width: parseFloat(width) };
});
const slack = 1e-3;
for (const chosen of boxes)
  chosen.element.addEventListener("click", () => {
    const end = chosen.left + chosen.width;
    for (const { element, left, width } of boxes) {
      const isAround = left <= chosen.left + slack && left + width >= end - slack;
      const from = isAround ? chosen.left : left;
      element.hidden = !isAround && (left < chosen.left - slack || left + width > end + slack);
      element.style.left = ((from - chosen.left) / chosen.width) * 100 + "%";
      element.style.width = ((isAround ? chosen.width : width) / chosen.width) * 100 + "%";
    }
  });
`;
