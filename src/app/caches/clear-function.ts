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
import { summedHits } from "../../govern/hit-ratio.ts";
import type { CacheCommandReport, HitRatio, Receipt } from "../../model/cache-command.ts";
import type { AttachError } from "../../model/attach-error.ts";
import { explainAttachError } from "../../model/explain-attach-error.ts";
import { runInTarget } from "../attach/run-in-target.ts";
import { pythonPackagePath } from "../python-package.ts";
import { sha256 } from "./audit-log.ts";
import { billOfFunction } from "./clear-bill.ts";
import { processesOfProgram } from "./processes-of-program.ts";
import { type CommandProblem, recordedCommand, triedOnly } from "./recorded-command.ts";

export interface ClearFunctionAsked {
  /** A process and the workers beside it, or those whose command line matches. */
  readonly target: number | RegExp;
  /** `shop.pricing.quote`. */
  readonly name: string;
  readonly reason: string;
  /** Names the audit log. */
  readonly app: string;
  /** How long a process that runs no Python is waited for, and then calls that are under way. */
  readonly waitSeconds: number;
  /** Only the bill. */
  readonly isDryRun: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export async function clearFunction(asked: ClearFunctionAsked): Promise<Result<CacheCommandReport, CommandProblem>> {
  const chosen = processesOfProgram(asked.target);
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
    const cleared = await clearInAll(chosen.value, asked);
    const receipts = judged(cleared);
    const outcome = receipts.some(({ state }) => state === "missing") ? "partial" : "complete";
    const hitsBefore = (): HitRatio | null => summedHits(cleared.flatMap(({ hits }) => hits ?? []));
    return ok({ outcome, receipts, changes: [], lostSlots: 0, hitsBefore });
  });
}

async function dryRun(
  { app, target, name, signal }: ClearFunctionAsked,
  plan: string,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  const bill = await billOfFunction(typeof target === "number" ? String(target) : target, name, signal);
  if (!bill.ok) return fail({ code: "no-such-cache", message: bill.error });
  const facts = { action: "clear", app, selector: `fn:${name}`, share: 1, plan } as const;
  return ok({ ...triedOnly(facts), bill: bill.value });
}

/** Looks again afterwards: a worker may have been forked from one that was not yet cleared. One that is forked from a cleared one is clean. */
async function clearInAll(first: readonly number[], asked: ClearFunctionAsked): Promise<readonly Cleared[]> {
  // Each call under way takes its files away should we be ended: that many listeners are meant.
  process.setMaxListeners(Math.max(process.getMaxListeners(), 2 * first.length + LISTENERS));
  const done = await Promise.all(first.map((pid) => clearIn(pid, asked)));
  const known = new Set(first);
  const now = processesOfProgram(asked.target);
  const born = now.ok ? now.value.filter((pid) => !known.has(pid)) : [];
  return [...done, ...(await Promise.all(born.map((pid) => clearIn(pid, asked))))];
}

const LISTENERS = 10;

interface Cleared {
  readonly receipt: Receipt;
  /** It has no such cache. */
  readonly isWithout: boolean;
  /** Since its counters began: with the process, or its last clear. Null where nobody has called. */
  readonly hits: HitRatio | null;
}

/** A supervisor that has not imported the program has nothing to clear; when nobody has the cache, the name is wrong. */
function judged(cleared: readonly Cleared[]): readonly Receipt[] {
  const isKnown = cleared.some(({ receipt, isWithout }) => !isWithout && receipt.state !== "ended");
  return cleared.map(({ receipt, isWithout }) =>
    isWithout && isKnown
      ? { ...receipt, state: "applied", because: "it has no such cache, so there is nothing to clear" }
      : receipt,
  );
}

/** What a worker says it did. */
interface FenceOutcome {
  readonly entries: number;
  readonly hits: number;
  readonly misses: number;
  readonly loads: number;
  readonly waitedMs: number;
  /** Calls that were under way at the clear and still are. */
  readonly left: number;
  /** What it keeps results of is not Python code, so that nobody sees whether it is being called. */
  readonly isBlind: boolean;
}

async function clearIn(pid: number, { name, waitSeconds, signal }: ClearFunctionAsked): Promise<Cleared> {
  const startTicks = readRunState(openProcFs(), pid)?.startTimeTicks ?? 0;
  let hits: HitRatio | null = null;
  const receipt = (state: Receipt["state"], because: string, isWithout = false): Cleared => {
    const hasEnded = state === "missing" && readRunState(openProcFs(), pid)?.isDead !== false;
    const ended = { pid, startTicks, state: "ended", because: "it has ended, and its caches with it" } as const;
    return { receipt: hasEnded ? ended : { pid, startTicks, state, because }, isWithout, hits };
  };
  const folder = mkdtempSync(join(tmpdir(), "deadweight-clear-"));
  try {
    const call = `fenced_clear(${JSON.stringify(name)}, ${JSON.stringify(folder)}, ${waitSeconds})`;
    const source = `${readFileSync(pythonPackagePath("_cache/fence.py"), "utf8")}\nanswer = ${call}\n`;
    const ran = await runInTarget(pid, source, { thread: "any", signal, beginWithinMs: waitSeconds * 1000 });
    if (!ran.ok) return receipt("missing", whyNotAsked(ran.error, waitSeconds));
    const begun = JSON.parse(ran.value.answer) as { readonly error?: string };
    if (begun.error !== undefined) return receipt("missing", begun.error, true);
    const outcome = await outcomeIn(folder, waitSeconds, signal);
    if (outcome === null)
      return receipt("missing", "it was cleared once, and did not say that the calls under way have ended");
    const calls = outcome.hits + outcome.misses;
    if (calls > 0) hits = { hits: outcome.hits, calls, seconds: null };
    const cleared = `${countOf(outcome.entries, "entry", "entries")} cleared`;
    if (outcome.left > 0)
      return receipt(
        "missing",
        `${cleared}, but ${countOf(outcome.left, "call")} from before it ${outcome.left === 1 ? "is" : "are"} still under way after ${waitSeconds} s and may put an old value back`,
      );
    if (outcome.isBlind)
      return receipt(
        "missing",
        `${cleared}, but what it calls is not written in Python: a call that was under way is not seen, and may put an old value back`,
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

/** Here the way out is another than for those who attach: any request to an idle worker is enough. */
function whyNotAsked(error: AttachError, waitSeconds: number): string {
  if (error.code !== "attach-not-taken") return explainAttachError(error);
  const seen = error.waitsIn === null ? "is in C code" : `waits in ${error.waitsIn}`;
  return `it has run no Python for ${waitSeconds} s (it ${seen}), so nothing was cleared in it. It can be asked as soon as it has something to do; --wait gives it longer`;
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
