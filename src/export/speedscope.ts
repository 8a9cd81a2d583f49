// speedscope's own format: https://www.speedscope.app/file-format-schema.json. Two profiles over the same stacks, one by bytes
// and one by objects.

import { ok } from "../base/result.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import { retentionStacks, retentionTree } from "../heap/queries/retention-tree.ts";
import type { RetentionRow } from "../model/page-reports.ts";
import { BytePieces } from "./byte-pieces.ts";
import type { ExportOptions, HeapFormat } from "./heap-format.ts";

export const speedscope: HeapFormat = {
  name: "speedscope",
  gzip: false,
  opensIn: "https://www.speedscope.app (the page reads the file on your machine), or `npx speedscope FILE`",
  write: (heap, options) => ok(pieces(heap, options)),
};

interface Frame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
}

function* pieces(heap: HeapAnalysis, options: ExportOptions): Generator<Uint8Array, void, undefined> {
  const stacks = [...retentionStacks(retentionTree(heap))];
  const { frames, indexOf } = frameTable();
  const samples = stacks.map(({ rows }) => rows.map(indexOf));
  const profile = (name: string, unit: "bytes" | "none", weights: readonly number[]): object => {
    const endValue = weights.reduce((sum, weight) => sum + weight, 0);
    return { type: "sampled", name, unit, startValue: 0, endValue, samples, weights };
  };
  const out = new BytePieces();
  const document = {
    $schema: "https://www.speedscope.app/file-format-schema.json",
    exporter: `deadweight ${options.toolVersion}`,
    name: options.name,
    activeProfileIndex: 0,
    shared: { frames },
    profiles: [
      profile(
        "retained bytes",
        "bytes",
        stacks.map(({ bytes }) => bytes),
      ),
      profile(
        "retained objects",
        "none",
        stacks.map(({ count }) => count),
      ),
    ],
  };
  out.text(`${JSON.stringify(document)}\n`);
  yield* out.finish();
}

/** Frames with the same words and place are one. */
function frameTable(): { readonly frames: readonly Frame[]; readonly indexOf: (row: RetentionRow) => number } {
  const frames: Frame[] = [];
  const known = new Map<string, number>();
  const indexOf = ({ label, file, line }: RetentionRow): number => {
    const key = `${label}\n${file}\n${line}`;
    const index = known.get(key) ?? frames.length;
    if (index === frames.length) {
      known.set(key, index);
      frames.push({ name: label, ...(file === null ? {} : { file }), ...(line === null ? {} : { line }) });
    }
    return index;
  };
  return { frames, indexOf };
}
