// The use cases of src/app, wired for the commands.

import { InternalError } from "../base/invariant.ts";
import type { Actions } from "./actions.ts";

function notWired(): never {
  throw new InternalError("internal: src/cli/real-actions.ts is not wired to src/app yet");
}

export const realActions: Actions = {
  examineTarget: notWired,
  takeSnapshot: notWired,
  openHeap: notWired,
  diff: notWired,
};
