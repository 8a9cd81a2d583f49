// The use case of src/app/lines, loaded when it is called.

import { fail } from "../base/result.ts";
import type { Actions } from "./actions.ts";

export const linesActions: Pick<Actions, "lines"> = {
  lines: async (asked) => {
    const { explainLinesError, runScript } = await import("../app/lines/run-script.ts");
    const report = await runScript(asked);
    return report.ok ? report : fail({ code: report.error.code, message: explainLinesError(report.error) });
  },
};
