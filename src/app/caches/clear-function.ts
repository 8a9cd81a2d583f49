// `deadweight caches clear NAME --pid`: clears a functools.lru_cache of a program that nobody prepared, in each of its workers, by a few
// lines of Python that run there once. Each worker answers for itself; what it does is in python/src/deadweight/_cache/fence.py.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { countOf } from "../../base/format-count.ts";
import { formatDuration } from "../../base/format-duration.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import { readRunState } from "../../capture/process-signals/run-state.ts";
import { canonical } from "../../govern/audit-chain.ts";
import type { CacheCommandReport, Receipt } from "../../model/cache-command.ts";
import { explainAttachError } from "../../model/explain-attach-error.ts";
import { runInTarget } from "../attach/run-in-target.ts";
import { chooseByPattern, chooseByPid } from "../diagnose/choose-target.ts";
import { pythonPackagePath } from "../python-package.ts";
import { sha256 } from "./audit-log.ts";
import { billOfFunction } from "./clear-bill.ts";
import { type CommandProblem, NOTHING_DONE, recordedCommand } from "./recorded-command.ts";

export interface ClearFunctionAsked {
  /** A process and the workers beside it, or those whose command line matches. */
  readonly target: number | RegExp;
  /** `shop.pricing.quote`. */
  readonly name: string;
  readonly reason: string;
  /** Names the audit log. */
  readonly app: string;
  /** How long calls that are under way are waited for. */
  readonly waitSeconds: number;
  /** Only the bill. */
  readonly isDryRun: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export async function clearFunction(asked: ClearFunctionAsked): Promise<Result<CacheCommandReport, CommandProblem>> {
  const chosen = await pidsOf(asked.target);
  if (!chosen.ok) return fail({ code: "no-match", message: chosen.error });
  const plan = sha256(canonical({ action: "clear", name: asked.name, pids: chosen.value }));
  const facts = {
    action: "clear",
    app: asked.app,
    selector: `fn:${asked.name}`,
    share: 1,
    plan,
    reason: asked.reason,
  } as const;
  if (asked.isDryRun) return await dryRun(asked, plan);
  return await recordedCommand(asked.environment, facts, async () => {
    const receipts = await Promise.all(chosen.value.map((pid) => clearIn(pid, asked)));
    const outcome = receipts.every(({ state }) => state === "applied") ? "complete" : "partial";
    return ok({ outcome, receipts, changes: [], lostSlots: 0 });
  });
}

async function dryRun(
  { app, target, name, signal }: ClearFunctionAsked,
  plan: string,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  const bill = await billOfFunction(typeof target === "number" ? String(target) : target, name, signal);
  if (!bill.ok) return fail({ code: "no-such-cache", message: bill.error });
  return ok({
    schema: "deadweight/cache-command@1",
    action: "clear",
    app,
    selector: `fn:${name}`,
    share: 1,
    plan,
    setting: null,
    ...NOTHING_DONE,
    receipts: [],
    bill: bill.value,
    guard: null,
    workerShare: 1,
  });
}

async function pidsOf(target: number | RegExp): Promise<Result<readonly number[], string>> {
  if (typeof target === "number") return ok((await chooseByPid(target)).workers);
  const chosen = await chooseByPattern(target);
  return chosen.ok ? ok(chosen.value.workers) : fail(chosen.error);
}

/** What a worker says it did. */
interface FenceOutcome {
  readonly entries: number;
  readonly loads: number;
  readonly waitedMs: number;
  /** Calls that were under way at the clear and still are. */
  readonly left: number;
}

async function clearIn(pid: number, { name, waitSeconds, signal }: ClearFunctionAsked): Promise<Receipt> {
  const startTicks = readRunState(openProcFs(), pid)?.startTimeTicks ?? 0;
  const receipt = (state: Receipt["state"], because: string): Receipt => ({ pid, startTicks, state, because });
  const folder = mkdtempSync(join(tmpdir(), "deadweight-clear-"));
  try {
    const call = `fenced_clear(${JSON.stringify(name)}, ${JSON.stringify(folder)}, ${waitSeconds})`;
    const source = `${readFileSync(pythonPackagePath("_cache/fence.py"), "utf8")}\nanswer = ${call}\n`;
    const ran = await runInTarget(pid, source, { thread: "any", signal });
    if (!ran.ok) return receipt("missing", explainAttachError(ran.error));
    const begun = JSON.parse(ran.value.answer) as { readonly error?: string };
    if (begun.error !== undefined) return receipt("missing", begun.error);
    const outcome = await outcomeIn(folder, waitSeconds, signal);
    if (outcome === null)
      return receipt("missing", "it was cleared once, and did not say that the calls under way have ended");
    const cleared = `${countOf(outcome.entries, "entry", "entries")} cleared`;
    if (outcome.left > 0)
      return receipt(
        "missing",
        `${cleared}, but ${countOf(outcome.left, "call")} from before it ${outcome.left === 1 ? "is" : "are"} still under way after ${waitSeconds} s and may put an old value back`,
      );
    const waited =
      outcome.loads === 0
        ? ""
        : `, after ${countOf(outcome.loads, "call")} under way had ended (${formatDuration(outcome.waitedMs)})`;
    return receipt("applied", `${cleared}${waited}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const LOOK_MS = 5;
/** Beyond the waiting itself: a busy process needs a moment to say so. */
const GRACE_MS = 5000;

async function outcomeIn(folder: string, waitSeconds: number, signal: AbortSignal): Promise<FenceOutcome | null> {
  const path = join(folder, "outcome");
  for (const end = performance.now() + waitSeconds * 1000 + GRACE_MS; performance.now() < end; await delay(LOOK_MS)) {
    if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as FenceOutcome;
    if (signal.aborted) return null;
  }
  return null;
}
