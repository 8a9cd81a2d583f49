// The use cases of src/app/diagnose and src/app/verify, loaded when they are called: they need both the heap reader and the source front end.

import type { Actions } from "./actions.ts";

export const diagnoseActions: Pick<Actions, "diagnose" | "verify"> = {
  diagnose: async (options) => {
    const { diagnoseProcess } = await import("../app/diagnose/diagnose-process.ts");
    return await diagnoseProcess(options);
  },
  verify: async (asked) => {
    const { verifyScenario } = await import("../app/verify/verify-scenario.ts");
    return await verifyScenario(asked);
  },
};
