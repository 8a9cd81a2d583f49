// Metrics: their form, their documentation, and that their number is bounded.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createHolderChoice } from "../../src/app/watch/metrics/choose-holders.ts";
import type { WatchReport } from "../../src/model/watch-report.ts";
import { metricFamilies, METRICS } from "../../src/report/metric-families.ts";
import { openMetricsText } from "../../src/report/open-metrics.ts";
import { otlpMetrics } from "../../src/report/otlp-metrics.ts";
import { expectGolden } from "../golden/expect-golden.ts";
import { watchOfLittle, watchOfShop, watchOfWorkers } from "./example-watches.ts";

const PROJECT = join(import.meta.dirname, "..", "..");
const textOf = (report: WatchReport): string => openMetricsText(metricFamilies(report, () => true));

describe("OpenMetrics text", () => {
  it("of one process", () => expectGolden("report/watch-metrics.txt", textOf(watchOfShop)));

  it.each([watchOfShop, watchOfWorkers, watchOfLittle])("keeps the rules of the format (%#)", (report) => {
    const lines = textOf(report).split("\n");
    expect(lines.slice(-2)).toEqual(["# EOF", ""]);
    const samples = lines.filter((line) => line !== "" && !line.startsWith("#"));
    for (const sample of samples)
      expect(sample).toMatch(/^[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\.)*",?)+\})? -?[\d.e+-]+$/);
    expect(new Set(samples.map((sample) => sample.replace(/ \S+$/, ""))).size).toBe(samples.length);
    for (const { name, unit } of METRICS) if (unit !== "") expect(name.endsWith(`_${unit}`)).toBe(true);
  });

  it("escapes what a program calls its things", () => {
    const [process] = watchOfShop.processes;
    const holders = process!.holders.map((each) => ({ ...each, path: 'a"b\\c\nd' }));
    const text = textOf({ ...watchOfShop, processes: [{ ...process!, holders }] });
    expect(text).toContain('path="a\\"b\\\\c\\nd"');
  });
});

it("OTLP has the same points", () => {
  const families = metricFamilies(watchOfWorkers, () => true);
  const document = otlpMetrics(families, { toolVersion: "1.2.3", startedMs: 1000, nowMs: 2000 });
  const text = JSON.stringify(document);
  expect(text.match(/"asDouble"/g)?.length).toBe(families.reduce((sum, { points }) => sum + points.length, 0));
  expect(text).toContain('"timeUnixNano":"2000000000"');
  expect(text).toContain('"name":"deadweight_resident_memory","description"');
  expect(text).toContain('"isMonotonic":true');
});

it("there are never more labels than allowed, and those that are there stay", () => {
  const choose = createHolderChoice(5);
  const round = (number: number): WatchReport => {
    const [process] = watchOfShop.processes;
    const holders = Array.from({ length: 4 }, (_, at) => ({
      ...process!.holders[0]!,
      fingerprint: `${number}-${at}`,
    }));
    const sums = holders.map((each) => ({ ...watchOfShop.sums[0]!, fingerprint: each.fingerprint }));
    return { ...watchOfShop, sums, processes: [{ ...process!, holders, caches: [] }] };
  };
  const labels = new Set<string>();
  for (let number = 0; number < 50; number++) {
    const text = openMetricsText(metricFamilies(round(number), choose(round(number))));
    for (const [, holder] of text.matchAll(/holder="([^"]+)"/g)) labels.add(holder!);
  }
  expect([...labels]).toEqual(["0-0", "0-1", "0-2", "0-3", "1-0"]);
});

describe("what is written about them", () => {
  const names = METRICS.map(({ name, type }) => (type === "counter" ? `${name}_total` : name));
  it("docs/metrics.md has a row for each, with its help", () => {
    const page = readFileSync(join(PROJECT, "docs/metrics.md"), "utf8");
    for (const [at, { help, unit, type }] of METRICS.entries())
      expect(page).toContain(`| \`${names[at]}\` | ${type} | ${unit === "" ? "number" : unit} | ${help} |`);
  });
  it.each(["grafana-dashboard.json", "alert-rules.yaml"])("examples/monitoring/%s uses only what exists", (file) => {
    const text = readFileSync(join(PROJECT, "examples/monitoring", file), "utf8");
    const used = [...new Set(text.match(/\bdeadweight_[a-z_]+/g))];
    expect(used.length).toBeGreaterThan(4);
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
  });
  it("the dashboard is one that Grafana can import", () => {
    const dashboard = JSON.parse(readFileSync(join(PROJECT, "examples/monitoring/grafana-dashboard.json"), "utf8")) as {
      panels: { id: number; targets: { expr: string }[]; gridPos: { x: number; w: number } }[];
      uid: string;
    };
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { targets, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (const { expr } of targets) expect(expr.split("(").length).toBe(expr.split(")").length);
    }
  });
});
