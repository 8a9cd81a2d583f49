// The use case of src/app/diagnose, loaded when it is called: it needs both the heap reader and the source front end.

import type { Actions } from "./actions.ts";

export const diagnoseActions: Pick<Actions, "diagnose"> = {
  diagnose: async (options) => {
    const { diagnoseProcess } = await import("../app/diagnose/diagnose-process.ts");
    return await diagnoseProcess(options);
  },
};
