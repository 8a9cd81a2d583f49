// The sentences for everything that can keep us from running a line of Python in a process: what was seen, why it matters,
// what to do next.

import type { AttachError } from "./attach-error.ts";
import { explainTargetError } from "./explain-target-error.ts";

/** One to three sentences for a person; no stack, no errno. */
export function explainAttachError(error: AttachError): string {
  switch (error.code) {
    case "attach-forbidden":
      return `Process ${error.pid} refuses to have code run in it: ${forbiddenBy(error.by)}. Nothing was written. Start it without that, or look from outside, which needs no probe: deadweight diagnose ${error.pid}`;
    case "attach-other-user":
      return `Process ${error.pid} belongs to user ${error.ownerUid} and this command runs as user ${error.ourUid}. What is left for it to read must be its own: run as that user, sudo -u '#${error.ownerUid}' env PATH="$PATH" deadweight attach ${error.pid}`;
    case "attach-elsewhere":
      return `Process ${error.pid} has other files than this shell (a container, or a service with its own /tmp), so it could not open the probe. Run deadweight inside of it, as in: docker exec CONTAINER npx --yes deadweight attach 1; from outside it can be read all the same: deadweight diagnose ${error.pid}`;
    case "attach-unknown-release":
      return `Process ${error.pid} runs Python ${error.version}, and calls can be left in ${error.known} only. Nothing was written. Look from outside, or start the program under the tool: deadweight run -- COMMAND`;
    case "attach-unsound":
      return `The memory of process ${error.pid} does not look as that of Python ${error.version} should (${error.seen}), so nothing was written to it. It may be a patched build: report it, or start the program under the tool: deadweight run -- COMMAND`;
    case "attach-busy":
      return `Nothing was written to process ${error.pid}: ${error.seen}, each time it was looked at. Try again in a moment.`;
    case "attach-no-write":
      return `The kernel lets us read the memory of process ${error.pid} but not write to it (${error.detail}). A security module, a seccomp profile or the kernel's setting proc_mem.force_override may forbid it; in a container, start it with --cap-add=SYS_PTRACE. Nothing was changed.`;
    case "attach-not-taken":
      return notTaken(error);
    case "attach-failed-inside":
      return `Process ${error.pid} took the call, and it failed there: ${error.detail}. The program goes on as before.`;
    case "attach-gdb":
      return `gdb could not make the call in process ${error.pid}: ${error.detail}. The program goes on as before.`;
    case "attach-no-folder":
      return `There is no room for what the process is to read: ${error.detail}. Set TMPDIR to a folder that both can use.`;
    case "already-attached":
      return `Process ${error.pid} has a probe already: of deadweight run, or of another attach. Use that one, or take the probe out: deadweight detach ${error.pid}`;
    case "not-attached":
      return `Process ${error.pid} has no probe, so there is nothing to take out.`;
    case "attach-no-connection":
      return `The probe was loaded into process ${error.pid}, and it did not connect: ${error.detail}. Take it out again: deadweight detach ${error.pid}`;
    default:
      return explainTargetError(error);
  }
}

function forbiddenBy(by: string | null): string {
  return by === null ? "its interpreter was built or started without remote debugging" : `it was started with ${by}`;
}

function notTaken(error: Extract<AttachError, { code: "attach-not-taken" }>): string {
  const { pid, seconds, waitsIn, canUseGdb } = error;
  const seen = waitsIn === null ? "it runs, but no Python" : `it waits in ${waitsIn}`;
  const gdb = canUseGdb
    ? `, or --gdb to have gdb call it there at once, which stops the process for about a second`
    : ", or send it a request";
  return `The main thread of process ${pid} has not run Python for ${seconds} s (${seen}), so it did not take the call, and the call was withdrawn. Wait longer with --wait 60${gdb}.`;
}
