// The text format of Prometheus and OpenMetrics, as far as one counter needs it: `name{label="x"} 12.5 1700000000`.

/** Sum over all label sets of a counter; null when the page does not have it. `_total` may be left out of the name. */
export function sumOfSamples(page: string, counter: string): number | null {
  const names = new Set([counter, `${counter}_total`]);
  let sum: number | null = null;
  for (const line of page.split("\n")) {
    const sample = SAMPLE.exec(line);
    if (sample === null || !names.has(sample[1] ?? "")) continue;
    const value = Number(sample[2]);
    if (Number.isFinite(value)) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** A label's value may hold any character, a closing brace and an escaped quote included. */
const SAMPLE = /^([A-Za-z_:][\w:]*)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?\s+(\S+)/;
