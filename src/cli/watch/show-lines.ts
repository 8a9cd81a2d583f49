// A watch without a terminal: lines for a log.

import type { WatchReport } from "../../model/watch-report.ts";
import { lastLine, type SaidLines, watchLines } from "../../report/watch-lines.ts";
import type { WatchSession } from "../actions.ts";
import { printMessage } from "../print-report.ts";
import { styleOf, type World } from "../world.ts";

export async function showLines(session: WatchSession, world: World): Promise<void> {
  using interruption = world.askFirst();
  interruption.signal.addEventListener("abort", () => session.end());
  const said: SaidLines = new Map();
  let [first, last]: [WatchReport | null, WatchReport | null] = [null, null];
  const reports = session.reports();
  for (;;) {
    const next = await reports.next();
    if (next.done === true) {
      const words = [next.value.sentence, lastLine(first, last)].filter((each) => each !== "").join(" ");
      if (words !== "") await printMessage(words, world);
      return;
    }
    first ??= next.value;
    last = next.value;
    const text = watchLines(next.value, said, styleOf(world.out, world.environment));
    if (text !== "") await world.out.write(text);
  }
}
