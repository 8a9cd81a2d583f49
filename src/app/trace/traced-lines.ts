// From stacks to lines: what each place in the source allocated, at the end and since the middle of the window.

import type { TracedFrame, TracedLine, TracedStack } from "../../model/trace-report.ts";

/** The text of a line, null where it cannot be read. */
export type ReadSource = (frame: TracedFrame) => string | null;

interface Sum {
  readonly frame: TracedFrame;
  blocks: number;
  bytes: number;
  middleBlocks: number;
  middleBytes: number;
}

/** Largest first. `middle` null: nothing is known of growth, and it is given as 0. O(stacks). */
export function tracedLines(
  end: readonly TracedStack[],
  middle: readonly TracedStack[] | null,
  readSource: ReadSource,
): readonly TracedLine[] {
  const sums = new Map<string, Sum>();
  for (const stack of end) {
    const sum = sumOf(sums, stack);
    sum.blocks += stack.blocks;
    sum.bytes += stack.bytes;
  }
  for (const stack of middle ?? []) {
    const sum = sumOf(sums, stack);
    sum.middleBlocks += stack.blocks;
    sum.middleBytes += stack.bytes;
  }
  return [...sums.values()]
    .filter(({ blocks }) => blocks > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ frame, blocks, bytes, middleBlocks, middleBytes }) => ({
      ...frame,
      source: readSource(frame),
      blocks,
      bytes,
      grownBlocks: middle === null ? 0 : blocks - middleBlocks,
      grownBytes: middle === null ? 0 : bytes - middleBytes,
    }));
}

function sumOf(sums: Map<string, Sum>, { frames }: TracedStack): Sum {
  const frame = frames.at(-1) ?? { file: "?", line: 0 };
  const key = `${frame.line} ${frame.file}`;
  const sum = sums.get(key) ?? { frame, blocks: 0, bytes: 0, middleBlocks: 0, middleBytes: 0 };
  sums.set(key, sum);
  return sum;
}
