// Where the resident memory is.

import type { VNode } from "preact";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import type { MemorySplit } from "../../../src/model/diagnosis.ts";

export function MemoryBar({ memory }: { readonly memory: MemorySplit }): VNode {
  const { rssBytes, pythonLiveBytes, allocatorFreeBytes, nativeBytes, sharedBytes } = memory;
  const parts = [
    { name: "live Python objects", bytes: pythonLiveBytes, tone: "python" },
    { name: "free in the allocator", bytes: allocatorFreeBytes, tone: "free" },
    { name: "native", bytes: nativeBytes, tone: "native" },
    { name: "shared", bytes: sharedBytes, tone: "shared" },
  ];
  const whole = Math.max(
    1,
    parts.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  let x = 0;
  return (
    <section class="memory" aria-label="Memory">
      <h2>Resident memory: {formatBytes(rssBytes)}</h2>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="Parts of the resident memory">
        {parts.map(({ name, bytes, tone }) => {
          const width = (100 * bytes) / whole;
          x += width;
          return <rect key={name} class={tone} x={x - width} y={0} width={width} height={4} />;
        })}
      </svg>
      <ul>
        {parts.map(({ name, bytes, tone }) => (
          <li key={name}>
            <span class={`swatch ${tone}`} /> {name} {formatBytes(bytes)}
          </li>
        ))}
      </ul>
    </section>
  );
}
