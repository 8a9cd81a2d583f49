// Amounts and rates for the sentences of a verdict.

import { formatBytes } from "../base/format-bytes.ts";
import { formatCount } from "../base/format-count.ts";
import type { SeriesUnit } from "../model/verdict.ts";

const ONE: Record<SeriesUnit, string> = {
  entries: "entry",
  objects: "object",
  bytes: "byte",
  descriptors: "descriptor",
  threads: "thread",
};

/** "1 entry", "12,345 entries", "5.2 MiB". */
export function amountOf(value: number, unit: SeriesUnit): string {
  if (unit === "bytes") return formatBytes(value);
  const digits = threeDigits(value);
  return `${digits} ${digits === "1" ? ONE[unit] : unit}`;
}

interface Pace {
  readonly seconds: number;
  readonly name: string;
}
const PACES: readonly Pace[] = [
  { seconds: 1, name: "second" },
  { seconds: 60, name: "minute" },
  { seconds: 3600, name: "hour" },
];

/** "12.1 entries per second (99 % bounds 11.8 to 12.4)". All per second. */
export function rateWithBounds(slope: number, low: number, high: number, unit: SeriesUnit): string {
  const { seconds, name } = paceFor(slope, unit);
  const bare = unit === "bytes" ? formatBytes : threeDigits;
  const bounds = `${bare(low * seconds)} to ${bare(high * seconds)}`;
  return `${amountOf(slope * seconds, unit)} per ${name} (99 % bounds ${bounds})`;
}

/** "12.1 entries per second". */
export function rateOf(slope: number, unit: SeriesUnit): string {
  const { seconds, name } = paceFor(slope, unit);
  return `${amountOf(slope * seconds, unit)} per ${name}`;
}

/** The shortest time in which at least one comes, so that the number is easy to picture. */
function paceFor(slope: number, unit: SeriesUnit): Pace {
  const least = unit === "bytes" ? 1024 : 1;
  const fitting = PACES.find(({ seconds }) => Math.abs(slope) * seconds >= least);
  return fitting ?? { seconds: 3600, name: "hour" };
}

/** "0.035", "12.1", "1,204": three digits that matter, no more. */
export function threeDigits(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return formatCount(value);
  return String(Number(value.toPrecision(3)));
}
