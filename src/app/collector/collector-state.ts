// The collector's settings out of an answer to `stats`.

export interface CollectorState {
  readonly enabled: boolean;
  readonly thresholds: readonly number[];
  readonly frozen: number;
  readonly garbage: number;
}

/** Null when the probe answered something else. */
export function parseCollectorState(answer: unknown): CollectorState | null {
  const collector = fieldsOf(fieldsOf(answer)?.["collector"]);
  if (collector === null) return null;
  const thresholds: unknown = collector["thresholds"];
  return {
    enabled: collector["enabled"] === true,
    thresholds: Array.isArray(thresholds) ? thresholds.filter((each) => typeof each === "number") : [],
    frozen: countOf(collector["frozen"]),
    garbage: countOf(collector["garbage"]),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
}

function countOf(value: unknown): number {
  return typeof value === "number" && value >= 0 ? value : 0;
}
