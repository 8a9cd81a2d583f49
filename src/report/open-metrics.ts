// Metrics as Prometheus fetches them: OpenMetrics 1.0 text.

import type { FilledFamily, MetricPoint } from "./metric-families.ts";

export const OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

export function openMetricsText(families: readonly FilledFamily[]): string {
  return `${families.map(familyText).join("")}# EOF\n`;
}

function familyText({ name, type, unit, help, points }: FilledFamily): string {
  const suffix = type === "counter" ? "_total" : "";
  const head = [
    `# TYPE ${name} ${type}`,
    ...(unit === "" ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escaped(help)}`,
  ];
  const samples = points.map((point) => `${name}${suffix}${labelText(point)} ${point.value}`);
  return `${[...head, ...samples].join("\n")}\n`;
}

function labelText({ labels }: MetricPoint): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
