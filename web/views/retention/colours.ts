// What the pictures are painted with. A colour says to whom a row belongs: one hue for each place of the program, and grey for
// what the interpreter and libraries keep.

import type { FlatTree } from "./flat-tree.ts";

export interface Ink {
  readonly background: string;
  readonly text: string;
  readonly line: string;
  readonly focus: string;
}

const LIGHT: Ink = { background: "#ffffff", text: "#1b1c20", line: "#ffffff", focus: "#1b1c20" };
const DARK: Ink = { background: "#17181c", text: "#eceef2", line: "#17181c", focus: "#ffffff" };
const LIBRARY = /\/(?:lib\/python3[^/]*|site-packages|dist-packages)\//;
const HUES = [18, 205, 140, 275, 48, 330, 175, 235, 95, 300] as const;

export function inkFor(isDark: boolean): Ink {
  return isDark ? DARK : LIGHT;
}

/** One per row: a CSS colour. O(rows). */
export function coloursOf({ rows, parent, depth }: FlatTree, isDark: boolean): readonly string[] {
  const hues: (number | null)[] = [];
  let places = 0;
  return rows.map((row, at) => {
    const above = parent[at] ?? -1;
    const level = depth[at] ?? 0;
    const isOwn = row.file !== null && !LIBRARY.test(row.file);
    const inherited = above < 0 ? null : (hues[above] ?? null);
    // A module of the program has a hue, and each of its places another.
    const isNew = level <= 2 && row.address !== null && (isOwn || inherited !== null);
    hues.push(isNew ? (HUES[places++ % HUES.length] ?? 0) : level <= 1 ? null : inherited);
    return colour(hues[at] ?? null, level, isDark);
  });
}

function colour(hue: number | null, level: number, isDark: boolean): string {
  const step = Math.min(6, level);
  const lightness = isDark ? 25 + step * 3 : 90 - step * 3;
  if (hue === null) return `hsl(220 6% ${lightness}%)`;
  return `hsl(${hue} ${isDark ? 38 : 62}% ${lightness}%)`;
}
