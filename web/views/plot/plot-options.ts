// How plots look: few lines, thin grids, units on the axis.

import type uPlot from "uplot";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import { formatPercent } from "../../../src/base/format-percent.ts";

export interface PlotLook {
  readonly unit: "bytes" | "count" | "share";
  readonly xUnit: "seconds" | "entries";
  readonly isDark: boolean;
  /** A place on the x axis that is marked; null: none. */
  readonly mark: { readonly at: number; readonly name: string } | null;
}

const LIGHT = ["#a63c17", "#1257c4", "#1d6b35", "#7a3fa0", "#7a5200", "#0b6b77"] as const;
const DARK = ["#f29468", "#86b4ff", "#7bd396", "#cf9df0", "#f0c05a", "#6cc7d4"] as const;

/** Whole KiB and MiB read better than what is round in decimals. */
const BYTE_STEPS = Array.from({ length: 45 }, (_, power) => 2 ** power);

export function plotOptions(labels: readonly string[], look: PlotLook): Omit<uPlot.Options, "width" | "height"> {
  const { isDark, unit, xUnit } = look;
  const [text, grid] = isDark ? ["#a3a8b4", "#2a2d33"] : ["#5b5d66", "#e9e7e3"];
  const colours = isDark ? DARK : LIGHT;
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
  const say = (value: number | null): string => (value === null ? "" : valueText(value, unit));
  return {
    scales: { x: { time: false } },
    cursor: { drag: { x: false, y: false } },
    axes: [
      { ...axis, values: (_plot, ticks) => ticks.map((tick) => xText(tick, xUnit)) },
      {
        ...axis,
        size: 74,
        ...(unit === "bytes" ? { incrs: BYTE_STEPS } : {}),
        values: (_plot, ticks) => ticks.map((tick) => say(tick)),
      },
    ],
    series: [
      { label: xUnit, value: (_plot, value) => (value === null ? "" : xText(value, xUnit)) },
      ...labels.map((label, at) => ({
        label,
        stroke: colours[at % colours.length] ?? text,
        width: 2,
        points: { show: false },
        value: (_plot: uPlot, value: number | null) => say(value),
      })),
    ],
    hooks: { draw: [(plot) => drawMark(plot, look, text)] },
  };
}

function valueText(value: number, unit: PlotLook["unit"]): string {
  switch (unit) {
    case "bytes":
      return formatBytes(value);
    case "count":
      return formatCount(Math.round(value));
    case "share":
      return formatPercent(value, 0);
  }
}

function xText(value: number, unit: PlotLook["xUnit"]): string {
  return unit === "seconds" ? `${Math.round(value)} s` : formatCount(Math.round(value));
}

function drawMark(plot: uPlot, { mark }: PlotLook, colour: string): void {
  if (mark === null) return;
  const { ctx, bbox } = plot;
  const x = plot.valToPos(mark.at, "x", true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  const isRight = x > bbox.left + bbox.width * 0.7;
  ctx.textAlign = isRight ? "right" : "left";
  ctx.fillText(mark.name, x + (isRight ? -8 : 8), bbox.top + 14 * devicePixelRatio);
  ctx.restore();
}
