// The notice line of `deadweight watch`: what happened last, and how long ago. A snapshot of last night must not look as if it were
// being taken now.

import { formatDuration } from "../base/format-duration.ts";

/** Something that happened, on the clock of the watch. */
export interface News {
  readonly text: string;
  readonly atSeconds: number;
}

/** Younger than this it is said as it is. */
const FRESH_SECONDS = 10;

/** The last that has happened at `nowSeconds`; null when nothing has. In a recording one can go back to before it did. O(news). */
export function latestNews(news: readonly News[], nowSeconds: number): string | null {
  const latest = news.findLast(({ atSeconds }) => atSeconds <= nowSeconds);
  if (latest === undefined) return null;
  const ago = nowSeconds - latest.atSeconds;
  return ago < FRESH_SECONDS ? latest.text : `${formatDuration(ago * 1000)} ago: ${latest.text}`;
}
