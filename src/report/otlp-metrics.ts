// Metrics as OpenTelemetry collectors take them: an ExportMetricsServiceRequest of OTLP 1.x, as JSON
// (opentelemetry-proto, docs/specification.md, "JSON Protobuf Encoding": 64-bit integers are strings).

import type { FilledFamily, MetricPoint } from "./metric-families.ts";

export interface OtlpOrigin {
  readonly toolVersion: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly nowMs: number;
}

const CUMULATIVE = 2;
const UNITS: Readonly<Record<FilledFamily["unit"], string>> = { bytes: "By", seconds: "s", "": "1" };

/** The document; names are those of OpenMetrics without the unit at their end, as collectors add it again. */
export function otlpMetrics(families: readonly FilledFamily[], origin: OtlpOrigin): object {
  return {
    resourceMetrics: [
      {
        resource: { attributes: [attribute("service.name", "deadweight")] },
        scopeMetrics: [
          {
            scope: { name: "deadweight", version: origin.toolVersion },
            metrics: families.map((family) => metricOf(family, origin)),
          },
        ],
      },
    ],
  };
}

function metricOf({ name, type, unit, help, points }: FilledFamily, origin: OtlpOrigin): object {
  const bare = unit === "" ? name : name.slice(0, -unit.length - 1);
  const dataPoints = points.map((point) => pointOf(point, origin));
  const data =
    type === "counter"
      ? { sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } }
      : { gauge: { dataPoints } };
  return { name: bare, description: help, unit: UNITS[unit], ...data };
}

function pointOf({ labels, value }: MetricPoint, { startedMs, nowMs }: OtlpOrigin): object {
  return {
    attributes: Object.entries(labels).map(([key, text]) => attribute(key, text)),
    startTimeUnixNano: nanoseconds(startedMs),
    timeUnixNano: nanoseconds(nowMs),
    asDouble: value,
  };
}

function attribute(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`;
}
