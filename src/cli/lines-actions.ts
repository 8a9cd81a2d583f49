// The use case of src/app/lines, loaded when it is called.

import { fail } from "../base/result.ts";
import type { Actions } from "./actions.ts";

export const linesActions: Pick<Actions, "lines" | "processLines" | "allocationFile"> = {
  lines: async (asked) => {
    const { explainLinesError, runScript } = await import("../app/lines/run-script.ts");
    const report = await runScript(asked);
    return report.ok ? report : fail({ code: report.error.code, message: explainLinesError(report.error) });
  },
  allocationFile: async (file) => {
    const { readAllocationFile } = await import("../app/lines/read-allocation-file.ts");
    return readAllocationFile(file);
  },
  processLines: async (asked) => {
    const { watchProcessLines } = await import("../app/lines/watch-process-lines.ts");
    const report = await watchProcessLines(asked);
    if (report.ok) return report;
    const { error } = report;
    if (error.code === "lines-refused")
      return fail({ code: error.code, message: `Lines of process ${error.pid} cannot be watched: ${error.detail}.` });
    const { explainAttachError } = await import("../model/explain-attach-error.ts");
    return fail({ code: error.code, message: explainAttachError(error) });
  },
};
