// Runs of programs with the probe, for golden files and schemas.

import type { ProbedProcess, ProbeStatistics, RunReport } from "../../src/model/run-report.ts";

const STATISTICS: ProbeStatistics = {
  collectorEnabled: true,
  collections: [1204, 109, 9],
  collected: 40_211,
  uncollectable: 0,
  frozen: 0,
  threads: 3,
  allocatedBlocks: 812_004,
};
const COMMAND = ["/srv/shop/venv/bin/python3.11", "/srv/shop/venv/bin/gunicorn", "-w", "2", "shop.wsgi"];

function worker(pid: number, changed: Partial<ProbedProcess> = {}): ProbedProcess {
  return {
    pid,
    parentPid: 4711,
    python: "3.11.7",
    command: COMMAND,
    role: "program",
    connectedAfterMs: 410,
    endedAfterMs: 93_200,
    requests: 93,
    unanswered: 0,
    last: STATISTICS,
    ...changed,
  };
}

export const runOfServer: RunReport = {
  schema: "deadweight/run@1",
  command: ["gunicorn", "-w", "2", "shop.wsgi"],
  exitCode: 0,
  signal: null,
  seconds: 93.4,
  processes: [
    worker(4711, { parentPid: 4700, connectedAfterMs: 38 }),
    worker(4713),
    worker(4714, { endedAfterMs: null, unanswered: 2 }),
    worker(4720, { role: "helper", last: null, requests: 1, unanswered: 1, connectedAfterMs: 500 }),
    worker(4725, { connectedAfterMs: 61_000, endedAfterMs: 61_004, last: null, requests: 1, unanswered: 1 }),
  ],
  refused: ["A connection was turned away: process 4713 is connected already."],
};

export const runOfNothing: RunReport = {
  schema: "deadweight/run@1",
  command: ["./start.sh"],
  exitCode: null,
  signal: "SIGKILL",
  seconds: 0.25,
  processes: [],
  refused: [],
};
