// Brendan Gregg's collapsed stacks: a line per stack, `outer;inner BYTES`. For flamegraph.pl, inferno, speedscope.

import { ok } from "../base/result.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import { retentionStacks, retentionTree } from "../heap/queries/retention-tree.ts";
import { BytePieces } from "./byte-pieces.ts";
import type { HeapFormat } from "./heap-format.ts";

export const collapsed: HeapFormat = {
  name: "collapsed",
  gzip: false,
  opensIn: "flamegraph.pl, inferno-flamegraph, or https://www.speedscope.app",
  write: (heap) => ok(lines(heap)),
};

function* lines(heap: HeapAnalysis): Generator<Uint8Array, void, undefined> {
  const out = new BytePieces();
  for (const { rows, bytes } of retentionStacks(retentionTree(heap))) {
    if (bytes === 0) continue;
    // A semicolon separates frames, a blank the number.
    out.text(`${rows.map(({ label }) => label.replaceAll(/[;\s]/g, "_")).join(";")} ${bytes}\n`);
    yield* out.take();
  }
  yield* out.finish();
}
