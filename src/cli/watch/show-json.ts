// A watch as a stream: one JSON document per line.

import { renderJsonLine } from "../../report/json.ts";
import type { WatchSession } from "../actions.ts";
import { printMessage } from "../print-report.ts";
import type { World } from "../world.ts";

export async function showJson(session: WatchSession, world: World): Promise<void> {
  using interruption = world.askFirst();
  interruption.signal.addEventListener("abort", () => session.end());
  const reports = session.reports();
  for (;;) {
    const next = await reports.next();
    if (next.done === true) {
      if (next.value.sentence !== "") await printMessage(next.value.sentence, world);
      return;
    }
    await world.out.write(renderJsonLine(next.value));
  }
}
