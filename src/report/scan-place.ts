// Places in source, as people and terminals write them.

import type { Confidence, SourceRange } from "../model/finding.ts";
import type { Tone } from "./text-style.ts";

/** "app/a.py:3:5"; "note.ipynb:cell 2:3:5" in a notebook. */
export function placeWords(at: Pick<SourceRange, "file" | "line" | "column" | "cell">): string {
  const cell = at.cell === undefined ? "" : `cell ${at.cell}:`;
  return `${at.file}:${cell}${at.line}:${at.column}`;
}

export const CONFIDENCE_TONES: Readonly<Record<Confidence, Tone>> = {
  certain: "bad",
  likely: "warning",
  possible: "faint",
};
