// Takes the probe out of a process, whoever put it in: that of an attach whose tool was lost, or of `deadweight run`.

import { fail, ok, type Result } from "../../base/result.ts";
import type { AttachError } from "../../model/attach-error.ts";
import type { DetachReport } from "../../model/attach-report.ts";
import { writeJournal } from "./attach-journal.ts";
import { type AttachOptions, callOptions } from "./attach-probe.ts";
import { unloadProbeSource } from "./probe-bundle.ts";
import { runInTarget } from "./run-in-target.ts";

export type DetachOptions = Pick<AttachOptions, "waitSeconds" | "gdb" | "say" | "signal">;

/** Its thread has ended and its modules are gone when this resolves. */
export async function detachProbe(pid: number, options: DetachOptions): Promise<Result<DetachReport, AttachError>> {
  const ran = await runInTarget(pid, unloadProbeSource(), callOptions(pid, options));
  const outcome = ran.ok ? ran.value.answer : ran.error.code;
  if (!writeJournal({ did: "detach", pid, outcome: outcome === "gone" ? "ok" : outcome }))
    options.say("the journal of attached processes could not be written");
  if (!ran.ok) return ran;
  if (outcome === "absent") return fail({ code: "not-attached", pid });
  if (outcome !== "gone") return fail({ code: "attach-busy", pid, seen: "its probe is still being loaded" });
  return ok({ schema: "deadweight/detach@1", pid, pauseMs: ran.value.pauseMs });
}
