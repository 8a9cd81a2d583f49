// A few numbers as a line as high as the text beside it.

import type { VNode } from "preact";

const WIDTH = 90;
const HEIGHT = 20;

export function SparkLine({ values, label }: { readonly values: readonly number[]; readonly label: string }): VNode {
  const most = Math.max(...values, 1);
  const points = values.map((value, at) => {
    const x = 2 + (at * (WIDTH - 4)) / Math.max(1, values.length - 1);
    return `${x.toFixed(1)},${(HEIGHT - 2 - ((HEIGHT - 4) * value) / most).toFixed(1)}`;
  });
  return (
    <svg class="spark" width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      <title>{label}</title>
      <polyline points={points.join(" ")} />
    </svg>
  );
}
