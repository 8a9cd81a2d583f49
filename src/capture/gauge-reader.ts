// The rounds over the containers of a process, on its memory file and our processor time.

import { createGaugeRounds, type GaugeRounds } from "../cpython/gauge-rounds.ts";
import type { GaugeSpots } from "../cpython/gauge-spots.ts";
import type { Layout } from "../cpython/layout.ts";
import type { OpenFile } from "./proc-fs.ts";

/** `memory` is /proc/PID/mem, and stays the caller's. `gaugeCount`: how many gauges the spots belong to. */
export function createGaugeReader(
  memory: OpenFile,
  spots: GaugeSpots,
  gaugeCount: number,
  layout: Layout,
): GaugeRounds {
  const source = {
    readInto: (buffer: Uint8Array, length: number, address: number) => memory.readInto(buffer, 0, length, address),
    spentMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
  };
  return createGaugeRounds(source, spots, gaugeCount, layout);
}
