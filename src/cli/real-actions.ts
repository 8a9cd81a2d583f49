// The use cases of src/app, wired for the commands.
// TODO(lead): once src/app/heap-queries.ts exists, replace the record below by
//   wireActions({ examineTarget: (pid) => examineTarget(pid), takeSnapshot, openHeap, topOf, whyOf, diffOf, selectorOf,
//                 explainHeapError, explainSelectorError, explainDiffError })
// where selectorOf turns `Asked` (actions.ts) into a Selector.

import { explainHeapError } from "../app/open-heap.ts";
import { examineTarget } from "../app/examine-target.ts";
import { takeSnapshot } from "../app/take-snapshot.ts";
import { InternalError } from "../base/invariant.ts";
import { fail } from "../base/result.ts";
import type { Actions } from "./actions.ts";

function notWired(): never {
  throw new InternalError("internal: src/cli/real-actions.ts is not wired to src/app/heap-queries.ts yet");
}

export const realActions: Actions = {
  examineTarget: async (pid) => examineTarget(pid),
  takeSnapshot: async (target, file, options) => {
    const taken = await takeSnapshot(target, file, options);
    return taken.ok ? taken : fail({ code: taken.error.code, message: explainHeapError(taken.error) });
  },
  openHeap: notWired,
  diff: notWired,
};
