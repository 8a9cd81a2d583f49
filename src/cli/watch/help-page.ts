// The page behind the ? key.

import type { ScreenPage } from "../../report/watch-screen-rows.ts";

const COMMON: readonly string[] = [
  "  up, down, j, k    select a container",
  "  enter             what holds it: the page of `deadweight why`",
  "  tab               go through the workers, where there are several",
  "  s                 sort by growth, growth per second, entries, bytes held, path",
  "  /                 type to filter by path; enter keeps the filter, escape drops it",
  "  f                 freeze the screen; what happens meanwhile is shown afterwards",
  "  ?                 this page",
  "  q, Ctrl-C         quit; Ctrl-Z stops the watch until `fg`, Ctrl-L draws the screen anew",
];

const LIVE: readonly string[] = [
  "  p                 take a snapshot, keep it, and name the containers anew",
  "  d                 diagnose the process for 30 seconds, and show the page",
  "",
  "enter, p and d stop the process for the fraction of a second that a snapshot takes.",
  "Nothing else does: sizes and signals are read while it runs.",
];

const REPLAY: readonly string[] = [
  "  space             pause and go on",
  "  <, >              half and double speed",
  "  left, right       a minute back and on",
];

const WORDS: readonly string[] = [
  "",
  "Now        entries at the moment, and the most it can hold when something bounds it",
  "Growth     since the watch began",
  "In, Most   how many workers have it, and the one that has far more than the others",
  "Held       by the container when the last snapshot was taken",
  "Verdict    unbroken: it rose in every one of seven windows, and nothing bounds it",
  "           growing: it rises; filling: it is bounded and not full; load: it follows",
  "           the work of the moment; warm-up: it rose at first; steady: no trend",
  "",
  "`deadweight diagnose PID` says which line is to blame, and why it is nothing else.",
];

export function helpPage(isReplay: boolean): ScreenPage {
  return { title: "Keys", lines: [...COMMON, ...(isReplay ? REPLAY : LIVE), ...WORDS], offset: 0 };
}
