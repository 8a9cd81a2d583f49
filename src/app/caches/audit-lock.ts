// One command at a time writes to an audit log. Everybody raises a flag, a file that bears his own name, and then looks whether another
// one is up; of two that do so at once each sees the other, and lowers its own. A flag of a process that is dead counts for nothing, and
// taking it away can hurt nobody, since no other process will ever have its name.

import { randomBytes } from "node:crypto";
import { closeSync, openSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import { readRunState } from "../../capture/process-signals/run-state.ts";

const WAIT_MS = 5000;
const GAP_MS = 4;

/** Waits for others up to 5 s. A failure is a sentence, and nothing is held. O(flags) per look. */
export async function takeAuditLock(path: string): Promise<Result<Disposable, string>> {
  const start = readRunState(openProcFs(), process.pid)?.startTimeTicks ?? 0;
  const own = `${path}.${process.pid}.${start}.${randomBytes(4).toString("hex")}`;
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    let holder = holderOf(path, own);
    if (holder === null) {
      const raised = raise(own);
      if (!raised.ok) return raised;
      holder = holderOf(path, own);
      if (holder === null) return ok({ [Symbol.dispose]: () => rmSync(own, { force: true }) });
      rmSync(own, { force: true });
    }
    if (performance.now() > deadline) return fail(heldSentence(path, holder));
    // At random, so that two that always meet do not meet for ever.
    await delay(GAP_MS * (0.5 + Math.random()));
  }
}

function raise(own: string): Result<null, string> {
  try {
    closeSync(openSync(own, "wx", 0o600));
    return ok(null);
  } catch (error) {
    return fail(`The lock ${own} cannot be made (${(error as NodeJS.ErrnoException).code}), so nothing is changed.`);
  }
}

/** A living process whose flag is up, other than `own`; flags of dead ones are taken away. */
function holderOf(path: string, own: string): number | null {
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    const flag = join(dirname(path), name);
    if (!name.startsWith(prefix) || flag === own) continue;
    const [pid = 0, startTicks = 0] = name.slice(prefix.length).split(".").map(Number);
    const state = readRunState(openProcFs(), pid);
    if (state !== null && !state.isDead && state.startTimeTicks === startTicks) return pid;
    rmSync(flag, { force: true });
  }
  return null;
}

function heldSentence(path: string, pid: number): string {
  const { isStopped = false } = readRunState(openProcFs(), pid) ?? {};
  const how = isStopped ? `is stopped (\`kill -CONT ${pid}\` lets it go on)` : "still runs";
  return `Another command, process ${pid}, has held ${path} for ${WAIT_MS / 1000} s and ${how}. Nothing is changed; try again when it has ended.`;
}
