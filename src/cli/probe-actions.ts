// The use cases of src/app/probe and src/app/collector, loaded when they are called.

import type { Actions } from "./actions.ts";

export const probeActions: Pick<Actions, "runProgram" | "watchCollections"> = {
  runProgram: async (options) => {
    const { runProgram } = await import("../app/probe/run-program.ts");
    return await runProgram(options);
  },
  watchCollections: async (asked) => {
    const { watchCollections } = await import("../app/collector/watch-collections.ts");
    return await watchCollections(asked);
  },
};
