// Byte amounts as people write them.

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

/** "512MiB", "2G", "1073741824"; null when it is no amount above 0. Units are binary. */
export function parseByteAmount(word: string): number | null {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?$/i.exec(word) ?? [];
  const bytes = Number(amount) * (UNITS[(unit ?? "").toLowerCase()] ?? 1);
  return amount !== undefined && bytes > 0 ? Math.round(bytes) : null;
}
