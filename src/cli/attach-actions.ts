// The use cases of src/app/attach and src/app/trace, loaded when they are called.

import { fail } from "../base/result.ts";
import type { AttachError } from "../model/attach-error.ts";
import type { Actions, Problem } from "./actions.ts";

export const attachActions: Pick<Actions, "attach" | "detach" | "trace"> = {
  attach: async (asked) => {
    const { followProcess } = await import("../app/attach/follow-process.ts");
    const report = await followProcess(asked);
    return report.ok ? report : fail(await attachProblem(report.error));
  },
  detach: async ({ pid, ...options }) => {
    const { detachProbe } = await import("../app/attach/detach-probe.ts");
    const report = await detachProbe(pid, options);
    return report.ok ? report : fail(await attachProblem(report.error));
  },
  trace: async (asked) => {
    const { traceProcess } = await import("../app/trace/trace-process.ts");
    const traced = await traceProcess(asked);
    if (traced.ok) return traced;
    const { error } = traced;
    if (error.code !== "trace-refused") return fail(await attachProblem(error));
    return fail({
      code: error.code,
      message: `Allocations of process ${error.pid} cannot be traced: ${error.detail}.`,
    });
  },
};

async function attachProblem(error: AttachError): Promise<Problem> {
  const { explainAttachError } = await import("../model/explain-attach-error.ts");
  return { code: error.code, message: explainAttachError(error) };
}
