// Moments at which a snapshot is taken without being asked for, as a person writes them.

import { parseByteAmount } from "../base/parse-bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";

export type SnapshotTrigger =
  /** Memory of the control group, as a share of its limit. */
  | { readonly kind: "share"; readonly share: number }
  /** Resident memory of the process. */
  | { readonly kind: "bytes"; readonly bytes: number }
  /** Some task of the group waited for memory in this percentage of the last 10 s. */
  | { readonly kind: "pressure"; readonly percent: number }
  /** A holder rose without a break, and nothing bounds it. */
  | { readonly kind: "growth" };

const DEFAULT_PRESSURE_PERCENT = 10;
/** "80%", "2GiB", "pressure", "pressure:25", "growth". Fails with a sentence. */
export function parseTrigger(word: string): Result<SnapshotTrigger, string> {
  if (word === "growth") return ok({ kind: "growth" });
  const pressure = /^pressure(?::(\d+(?:\.\d+)?)%?)?$/.exec(word);
  if (pressure !== null) return ok({ kind: "pressure", percent: Number(pressure[1] ?? DEFAULT_PRESSURE_PERCENT) });
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(word)?.[1];
  if (percent !== undefined && Number(percent) > 0 && Number(percent) <= 100)
    return ok({ kind: "share", share: Number(percent) / 100 });
  const bytes = percent === undefined ? parseByteAmount(word) : null;
  return bytes === null
    ? fail(`'${word}' is no moment for a snapshot; write 80%, 2GiB, pressure, pressure:25 or growth`)
    : ok({ kind: "bytes", bytes });
}

/** All of them, or the first sentence about one that is none. */
export function parseTriggers(words: readonly string[]): Result<readonly SnapshotTrigger[], string> {
  const triggers: SnapshotTrigger[] = [];
  for (const word of words) {
    const parsed = parseTrigger(word);
    if (!parsed.ok) return parsed;
    triggers.push(parsed.value);
  }
  return ok(triggers);
}
