// What runs here, and what it does now.

import { examineTarget } from "../../app/examine-target.ts";
import { startBackground } from "../../app/background/background.ts";
import { listPythonProcesses } from "../../app/list-python-processes.ts";
import { openChannel } from "../../base/channel.ts";
import type { WatchReport } from "../../model/watch-report.ts";
import { SCHEMAS } from "../../report/schema/all-schemas.ts";
import { PAGE_SCHEMAS } from "../../report/schema/page-schemas.ts";
import { json, type Parameter, type Route, type ServerEvent } from "../route.ts";
import type { Desk } from "../desk.ts";
import { watchAsked } from "../watch-asked.ts";

const PID: Parameter = { name: "pid", is: "the process", type: "count" };
const REPORT_EVERY_MS = 1000;
const SAMPLES_PER_SECOND = 2;

export const PROCESS_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/api/processes",
    summary: "The Python processes that this user may see.",
    parameters: [],
    body: null,
    answer: { kind: "json", schema: PAGE_SCHEMAS.processes },
    run: async () => json({ schema: "deadweight/processes@1", processes: listPythonProcesses() }),
  },
  {
    method: "GET",
    path: "/api/processes/:pid",
    summary: "Whether a process can be read, and what to do when it cannot.",
    parameters: [PID],
    body: null,
    answer: { kind: "json", schema: SCHEMAS["doctor"] ?? {} },
    run: async (asked) => json(examineTarget(asked.count("pid"))),
  },
  {
    method: "GET",
    path: "/api/processes/:pid/watch",
    summary: "Watches a process for as long as the connection stays. It stands still once, for a snapshot.",
    parameters: [PID],
    body: null,
    answer: {
      kind: "events",
      is: "`report` (deadweight/watch@1) every second; at the end `end` ({ how, sentence }) or `problem` ({ code, message })",
    },
    run: async (asked, desk) => ({ kind: "events", events: watched(asked.count("pid"), desk, asked.signal) }),
  },
];

/** Ends with the process, or when whoever looks has gone. */
async function* watched(pid: number, { options }: Desk, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  await using thread = startBackground();
  const events = openChannel<ServerEvent>();
  const asked = watchAsked(pid, options, { samplesPerSecond: SAMPLES_PER_SECOND, reportEveryMs: REPORT_EVERY_MS });
  const ended = thread.ask("watch", asked, {
    signal,
    hear: (report: WatchReport) => events.put({ event: "report", data: report }),
  });
  void ended.then((end) => {
    events.put(end.ok ? { event: "end", data: end.value } : { event: "problem", data: end.error });
    events.close();
  });
  yield* events.items();
}
