// Times as a table, and how long a whole command takes.

import { spawnSync } from "node:child_process";
import { join } from "node:path";

const TOOL = join(import.meta.dirname, "..", "bin/deadweight.mjs");

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0).toFixed(1).padStart(8);
}

export function printHead(): void {
  console.log(`${"ms".padEnd(66)} ${"n".padStart(5)} ${"p50".padStart(8)} ${"p99".padStart(8)} ${"max".padStart(8)}`);
}

/** `times`: milliseconds. */
export function printTimes(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
  console.log(`${what.padEnd(66)} ${String(sorted.length).padStart(5)} ${p50} ${p99} ${percentile(sorted, 1)}`);
}

/** What a person waits for. Needs `npm run build`. */
export function commandMs(words: readonly string[], environment: Readonly<Record<string, string>>): number {
  const begun = performance.now();
  const { status } = spawnSync(process.execPath, [TOOL, ...words], { env: { ...process.env, ...environment } });
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}`);
  return performance.now() - begun;
}
