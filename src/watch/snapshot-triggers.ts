// When a snapshot is taken without being asked for, so that the evidence exists before the kernel ends the process.

import { formatBytes } from "../base/format-bytes.ts";
import { formatPercent } from "../base/format-percent.ts";
import type { SnapshotTrigger } from "../model/snapshot-trigger.ts";
import type { WatchedProcess } from "../model/watch-report.ts";

/** What fired already for one process: a threshold once until it is left by a tenth, growth once for each holder. */
export type FiredTriggers = Set<string>;

const LEFT_AT = 0.9;

/** Sentences of those that fire now; enters them into `fired`. */
export function firing(triggers: readonly SnapshotTrigger[], process: WatchedProcess, fired: FiredTriggers): string[] {
  return triggers.flatMap((trigger) => {
    if (trigger.kind === "growth") return provedGrowth(process, fired);
    const { value, limit, sentence } = levelOf(trigger, process);
    const key = `${trigger.kind} ${limit}`;
    if (value < limit * LEFT_AT) fired.delete(key);
    if (value < limit || fired.has(key)) return [];
    fired.add(key);
    return [sentence];
  });
}

function provedGrowth({ holders }: WatchedProcess, fired: FiredTriggers): string[] {
  const proved = holders.filter(({ isProved, fingerprint }) => isProved && !fired.has(`growth ${fingerprint}`));
  for (const { fingerprint } of proved) fired.add(`growth ${fingerprint}`);
  const [first] = proved;
  return first === undefined ? [] : [`${first.path} grows without a break`];
}

function levelOf(
  trigger: Exclude<SnapshotTrigger, { readonly kind: "growth" }>,
  { memory, group }: WatchedProcess,
): { readonly value: number; readonly limit: number; readonly sentence: string } {
  switch (trigger.kind) {
    case "share": {
      const used = group === null ? 0 : group.usageBytes - group.reclaimableBytes;
      const share = group === null || group.limitBytes === null ? 0 : used / group.limitBytes;
      const sentence = `the control group uses ${formatPercent(share, 0)} of its limit`;
      return { value: share, limit: trigger.share, sentence };
    }
    case "bytes":
      return {
        value: memory.rssBytes,
        limit: trigger.bytes,
        sentence: `resident memory reached ${formatBytes(memory.rssBytes)}`,
      };
    case "pressure": {
      const value = group?.pressurePercent ?? 0;
      return {
        value,
        limit: trigger.percent,
        sentence: `tasks waited for memory in ${value.toFixed(0)} % of the time`,
      };
    }
  }
}
