// Byte amounts for people: binary units, at most one decimal, never more digits than matter.

const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** "512 B", "5.2 MiB", "432 MiB". */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return "unknown";
  if (bytes < 0) return `-${formatBytes(-bytes)}`;
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  let amount = bytes;
  let unit = "";
  for (const next of UNITS) {
    amount /= 1024;
    unit = next;
    // 1023.5 would round up to "1,024": the next unit says it better.
    if (amount < 1023.5) break;
  }
  return `${withFewDigits(amount)} ${unit}`;
}

/** A change: "+5.2 MiB", "-1.0 KiB", "no change". */
export function formatBytesGrowth(bytes: number): string {
  if (bytes === 0) return "no change";
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

/** One decimal below 100, none above: "99.9", "100". */
function withFewDigits(amount: number): string {
  return amount < 99.95 ? amount.toFixed(1) : Math.round(amount).toString();
}
