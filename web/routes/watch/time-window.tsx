// Two sliders that pick a part of the time.

import type { VNode } from "preact";
import type { WatchPoint } from "../../api/use-watch.ts";

export interface TimeWindowProps {
  readonly points: readonly WatchPoint[];
  readonly from: number;
  readonly to: number;
  /** It grows with the watch. */
  readonly isWhole: boolean;
  readonly onChange: (window: readonly [number, number] | null) => void;
}

export function TimeWindow({ points, from, to, isWhole, onChange }: TimeWindowProps): VNode {
  const last = Math.max(1, points.length - 1);
  const at = (index: number): string => `${Math.round(points[index]?.seconds ?? 0)} s`;
  return (
    <fieldset class="window">
      <legend>Window</legend>
      <label>
        From {at(from)}
        <input
          type="range"
          min={0}
          max={last}
          value={from}
          aria-valuetext={at(from)}
          onInput={(event) => onChange([Math.min(Number(event.currentTarget.value), to - 1), to])}
        />
      </label>
      <label>
        To {at(to)}
        <input
          type="range"
          min={0}
          max={last}
          value={to}
          aria-valuetext={at(to)}
          onInput={(event) => onChange([from, Math.max(Number(event.currentTarget.value), from + 1)])}
        />
      </label>
      <button type="button" disabled={isWhole} onClick={() => onChange(null)}>
        The whole time
      </button>
    </fieldset>
  );
}
