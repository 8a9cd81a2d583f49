// Words of a watch that several of its outputs use.

import { formatBytes } from "../base/format-bytes.ts";
import { formatCount } from "../base/format-count.ts";
import type { SeriesShape } from "../model/verdict.ts";
import type { WatchedState } from "../model/watch-report.ts";
import type { Tone } from "./text-style.ts";

/** "+120/s", "+0.05/s", "-3/s", "+1.2 KiB/s", "±0". */
export function rateWords(perSecond: number, unit: "entries" | "bytes"): string {
  const size = Math.abs(perSecond);
  if (size < 0.005) return "±0";
  const sign = perSecond < 0 ? "-" : "+";
  if (unit === "bytes") return `${sign}${formatBytes(size)}/s`;
  return `${sign}${size < 9.95 ? size.toFixed(size < 0.1 ? 2 : 1) : formatCount(size)}/s`;
}

const SHAPES: Readonly<Record<SeriesShape, { readonly word: string; readonly tone: Tone }>> = {
  growing: { word: "growing", tone: "warning" },
  filling: { word: "filling", tone: "plain" },
  "warm-up": { word: "warm-up", tone: "faint" },
  load: { word: "load", tone: "faint" },
  steady: { word: "steady", tone: "good" },
  unclear: { word: "too early", tone: "faint" },
};

/** A rise without a break is worth its own word. */
export function shapeWord({ shape, isProved }: { readonly shape: SeriesShape; readonly isProved: boolean }): string {
  return isProved ? "unbroken" : SHAPES[shape].word;
}

export function shapeTone({ shape, isProved }: { readonly shape: SeriesShape; readonly isProved: boolean }): Tone {
  return isProved ? "bad" : SHAPES[shape].tone;
}

export function stateWord(state: WatchedState): string {
  switch (state) {
    case "running":
      return "running";
    case "stopped":
      return "standing still (stopped by a signal or a debugger)";
    case "ended":
      return "ended";
  }
}
