// How many terminal columns a text takes, and how to make it take fewer. Expects printable text (format-printable.ts).
// Ranges: Unicode 16 EastAsianWidth.txt, classes W and F; emoji by property, as terminals draw them: two columns.

/** Pairs [first, last] in ascending order. */
const WIDE_RANGES: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4dc0, 0x4dff],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x18d00, 0x18d08],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f265],
  [0x20000, 0x2fffd],
  [0x30000, 0x3fffd],
];

const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
const ASCII = /^[\x20-\x7e]*$/;
const WITHOUT_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;
const EMOJI = /^\p{Emoji_Presentation}/u;
const MADE_EMOJI = /^\p{Emoji}\ufe0f/u;

/** Columns `text` takes on a terminal. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const cluster of clustersOf(text)) width += clusterWidth(cluster);
  return width;
}

/** `text` in at most `width` columns: the middle goes, start and end stay. */
export function elideMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 0) return "";
  const clusters = clustersOf(text);
  // The end names the thing itself, so it gets the larger half.
  const end = fitting(clusters.toReversed(), Math.ceil((width - 1) / 2)).reverse();
  const start = fitting(clusters, width - 1 - displayWidth(end.join("")));
  return `${start.join("")}…${end.join("")}`;
}

/** `text` in at most `width` columns: the end goes. */
export function cutEnd(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return width <= 0 ? "" : `${fitting(clustersOf(text), width - 1).join("")}…`;
}

/** `text` in lines of at most `width` columns, broken at spaces; a longer word loses its middle. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").map((each) => elideMiddle(each, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function clustersOf(text: string): string[] {
  return Array.from(GRAPHEMES.segment(text), (part) => part.segment);
}

function clusterWidth(cluster: string): number {
  if (MADE_EMOJI.test(cluster) || EMOJI.test(cluster)) return 2;
  if (WITHOUT_WIDTH.test(cluster)) return 0;
  return isWide(cluster.codePointAt(0) ?? 0) ? 2 : 1;
}

function isWide(code: number): boolean {
  return WIDE_RANGES.some(([first, last]) => code >= first && code <= last);
}

/** The first clusters that fit into `width` columns. */
function fitting(clusters: readonly string[], width: number): string[] {
  const kept: string[] = [];
  let used = 0;
  for (const cluster of clusters) {
    used += clusterWidth(cluster);
    if (used > width) break;
    kept.push(cluster);
  }
  return kept;
}
