// What /proc says about a process: recorded texts, and a real process of our own.

import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { openProcFs } from "../../../src/capture/proc-fs.ts";
import { countDescriptors, kindOfLink } from "../../../src/capture/process-signals/descriptors.ts";
import { parseMemoryStatus, readMemoryStatus } from "../../../src/capture/process-signals/memory-status.ts";
import {
  proportionalSizeGapMs,
  readProportionalBytes,
} from "../../../src/capture/process-signals/proportional-size.ts";
import { parseRunState, readRunState } from "../../../src/capture/process-signals/run-state.ts";

const proc = openProcFs();

it("splits the resident memory, and has zeros for a zombie", () => {
  const text =
    "Name:\tpython\nVmRSS:\t  1000 kB\nRssAnon:\t   600 kB\nRssFile:\t   300 kB\nRssShmem:\t   100 kB\nVmSwap:\t 8 kB\nThreads:\t3\n";
  expect(parseMemoryStatus(text)).toEqual({
    rssBytes: 1_024_000,
    anonBytes: 614_400,
    fileBytes: 307_200,
    shmemBytes: 102_400,
    swapBytes: 8192,
    threads: 3,
  });
  expect(parseMemoryStatus("Name:\tpython\nState:\tZ (zombie)\nThreads:\t1\n").rssBytes).toBe(0);
});

it("finds the processor time behind any name", () => {
  const fields = Array.from({ length: 50 }, (_, at) => String(at + 3));
  const text = `12 (a) b (c)) S ${fields.slice(1).join(" ")}`;
  // Fields 14 and 15 are utime and stime, 22 is the start time; the state is field 3.
  expect(parseRunState(text)).toEqual({ cpuSeconds: 0.29, startTimeTicks: 22, isStopped: false, isDead: false });
  expect(parseRunState(text.replace(" S ", " Z ")).isDead).toBe(true);
  const [said, known] = [readRunState(proc, process.pid)!.cpuSeconds, process.cpuUsage()];
  expect(Math.abs(said - (known.user + known.system) / 1e6)).toBeLessThan(0.5);
});

it("counts descriptors by kind", async () => {
  const before = countDescriptors(proc, process.pid)!;
  const file = openSync(import.meta.filename, "r");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const during = countDescriptors(proc, process.pid)!;
  closeSync(file);
  server.close();
  expect(during.files - before.files).toBe(1);
  expect(during.sockets - before.sockets).toBe(1);
  expect(countDescriptors(proc, 2 ** 22 + 1)).toBeNull();
  expect(["/srv/a.log (deleted)", "/dev/null", "anon_inode:[eventpoll]"].map(kindOfLink)).toEqual([
    "files",
    "others",
    "others",
  ]);
});

it("asks for the proportional size rarely, of large processes more rarely, of huge ones never", () => {
  const gib = 2 ** 30;
  expect([0.1 * gib, gib, 4 * gib].map(proportionalSizeGapMs)).toEqual([30_000, 60_000, Number.POSITIVE_INFINITY]);
  const bytes = readProportionalBytes(proc, process.pid);
  const status = readMemoryStatus(proc, process.pid);
  if (bytes !== null && status.ok) expect(bytes).toBeLessThan(status.value.rssBytes * 1.5);
});
