// Stacks of a trace in the two formats that flame graph tools read.

import type { TracedFrame, TracedStack } from "../model/trace-report.ts";

/** Brendan Gregg's collapsed stacks: one line per stack, `outer;inner BYTES`; for flamegraph.pl, inferno, speedscope. */
export function collapsedStacks(stacks: readonly TracedStack[]): string {
  return stacks.map(({ frames, bytes }) => `${frames.map(frameName).join(";")} ${bytes}\n`).join("");
}

/** https://www.speedscope.app/file-format-schema.json, one sampled profile whose weights are bytes. */
export function speedscopeDocument(stacks: readonly TracedStack[], name: string, version: string): string {
  const frames: { readonly name: string; readonly file: string; readonly line: number }[] = [];
  const indices = new Map<string, number>();
  const indexOf = (frame: TracedFrame): number => {
    const key = `${frame.line} ${frame.file}`;
    const index = indices.get(key) ?? frames.length;
    if (index === frames.length) frames.push({ name: frameName(frame), file: frame.file, line: frame.line });
    indices.set(key, index);
    return index;
  };
  const samples = stacks.map((stack) => stack.frames.map(indexOf));
  const weights = stacks.map(({ bytes }) => bytes);
  const total = weights.reduce((sum, bytes) => sum + bytes, 0);
  const document = {
    $schema: "https://www.speedscope.app/file-format-schema.json",
    exporter: `deadweight ${version}`,
    name,
    activeProfileIndex: 0,
    shared: { frames },
    profiles: [{ type: "sampled", name, unit: "bytes", startValue: 0, endValue: total, samples, weights }],
  };
  return `${JSON.stringify(document)}\n`;
}

/** Separators of the collapsed format are taken out of names. */
function frameName({ file, line }: TracedFrame): string {
  return `${file.split("/").slice(-2).join("/")}:${line}`.replaceAll(/[;\s]/g, "_");
}
