// The use cases of src/app/probe, loaded when they are called.

import type { Actions } from "./actions.ts";

export const probeActions: Pick<Actions, "runProgram"> = {
  runProgram: async (options) => {
    const { runProgram } = await import("../app/probe/run-program.ts");
    return await runProgram(options);
  },
};
