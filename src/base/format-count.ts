// Counts for people: grouped in thousands, the same on every machine (no locale).

/** "83,114". */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return "unknown";
  const digits = Math.abs(Math.round(count)).toString();
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ",");
  return count < 0 && grouped !== "0" ? `-${grouped}` : grouped;
}

/** A change: "+1,004", "-3", "no change". */
export function formatCountGrowth(count: number): string {
  if (count === 0) return "no change";
  return count > 0 ? `+${formatCount(count)}` : formatCount(count);
}

/** "1 object", "3 objects"; the plural can be given: `countOf(2, "entry", "entries")`. */
export function countOf(count: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
