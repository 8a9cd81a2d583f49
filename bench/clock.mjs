// Clocks of this process, for the runs of bench/analysis.ts.

import { readFileSync } from "node:fs";

/** Wall time, CPU of all threads (user + system), and CPU of the thread that asks, in milliseconds. */
export function clock() {
  const { user, system } = process.cpuUsage();
  // Nanoseconds on a CPU of the thread that reads it: proc(5), schedstat.
  const onCpu = Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]);
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000, mainCpuMs: onCpu / 1e6 };
}

/** What has passed since `start`. */
export function since(start) {
  const end = clock();
  return {
    wallMs: end.wallMs - start.wallMs,
    cpuMs: end.cpuMs - start.cpuMs,
    mainCpuMs: end.mainCpuMs - start.mainCpuMs,
  };
}
