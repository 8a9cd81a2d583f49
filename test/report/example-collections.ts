// What the collector did, for golden files and schemas.

import type { CollectedProcess, CollectorReport, MemorySharing } from "../../src/model/collector-report.ts";
import { adviceFor } from "../../src/app/collector/advise-collector.ts";

const MIB = 2 ** 20;
const COMMAND = ["/srv/shop/venv/bin/python3.11", "/srv/shop/venv/bin/gunicorn", "--preload", "-w", "2", "shop.wsgi"];

function memory(privateMib: number, sharedMib: number): MemorySharing {
  return {
    residentBytes: (privateMib + sharedMib) * MIB,
    proportionalBytes: (privateMib + Math.round(sharedMib / 3)) * MIB,
    privateDirtyBytes: privateMib * MIB,
    sharedBytes: sharedMib * MIB,
  };
}

function worker(pid: number, changed: Partial<CollectedProcess> = {}): CollectedProcess {
  return {
    pid,
    parentPid: 4711,
    python: "3.11.7",
    command: COMMAND,
    enabled: true,
    thresholds: [700, 10, 10],
    frozen: 0,
    garbage: 0,
    generations: [
      { generation: 0, collections: 1204, collected: 311, uncollectable: 0, pauseMs: 41.2, longestPauseMs: 0.3 },
      { generation: 2, collections: 1, collected: 40_211, uncollectable: 0, pauseMs: 96.4, longestPauseMs: 96.4 },
    ],
    dropped: 0,
    before: memory(4, 180),
    after: memory(81, 103),
    unsharedBytes: 77 * MIB,
    lost: null,
    ...changed,
  };
}

function report(processes: readonly CollectedProcess[], isForced: boolean): CollectorReport {
  const seconds = 30.2;
  return {
    schema: "deadweight/gc@1",
    pid: 4711,
    seconds,
    isForced,
    processes,
    advice: adviceFor(processes, seconds, isForced),
  };
}

const ARBITER = worker(4711, { parentPid: 4700, generations: [], after: memory(4, 180), unsharedBytes: null });

export const collectionsOfPreloaded: CollectorReport = report([ARBITER, worker(4713), worker(4714)], true);

export const collectionsOfTroubled: CollectorReport = report(
  [
    worker(4720, { parentPid: 1, enabled: false, unsharedBytes: null, before: null, after: null, generations: [] }),
    worker(4721, { parentPid: 1, garbage: 12, frozen: 300_000, unsharedBytes: null, dropped: 4 }),
    worker(4722, { after: null, unsharedBytes: null, generations: [], lost: "process 4722 is not connected any more" }),
  ],
  false,
);
