// Lines over time, drawn by uPlot. What they say stands beside them as text or as a table.

import type { VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useSize } from "../use-size.ts";
import { plotOptions, type PlotLook } from "./plot-options.ts";

export interface PlotSeries {
  readonly label: string;
  /** One for each x; null: unknown. */
  readonly values: readonly (number | null)[];
}

export interface PlotProps {
  /** Says in words what can be seen. */
  readonly label: string;
  readonly x: readonly number[];
  readonly series: readonly PlotSeries[];
  readonly look: PlotLook;
}

const HEIGHT = 220;

export function Plot({ label, x, series, look }: PlotProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const { width } = useSize(place);
  const plot = useRef<uPlot | null>(null);
  const names = series.map((each) => each.label).join("\n");
  const data = useMemo<uPlot.AlignedData>(() => [[...x], ...series.map(({ values }) => [...values])], [x, series]);
  useEffect(() => {
    if (place.current === null || width === 0) return undefined;
    const made = new uPlot(
      { ...plotOptions(names.split("\n"), look), width: Math.floor(width), height: HEIGHT },
      data,
      place.current,
    );
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
    // New data is given to the plot that is there.
  }, [width, names, look.isDark, look.unit, look.mark]);
  useEffect(() => plot.current?.setData(data), [data]);
  return <div class="plot" ref={place} role="img" aria-label={label} />;
}
