// The use case of `deadweight verify`: does a scenario leave something behind, how much at each call, and who keeps it.

import { setTimeout as delay } from "node:timers/promises";
import { redactCommand } from "../../base/secrets.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Progress } from "../../model/progress.ts";
import type { KnownGrowth, Verification } from "../../model/verification.ts";
import { chooseByPattern, chooseByPid, type ChosenTarget } from "../diagnose/choose-target.ts";
import { joinSources } from "../diagnose/join-sources.ts";
import { startCommand } from "../diagnose/start-command.ts";
import { readKnownGrowth } from "./known-growth-file.ts";
import { runRounds } from "./run-rounds.ts";
import { commandScenario, lineProgram, type Scenario } from "./scenario.ts";
import { verificationOf } from "./verification-of.ts";

/** Whose memory is looked at. itself: the scenario is a Python program that prints a line per call. */
export type VerifiedTarget =
  | { readonly kind: "pid"; readonly pid: number }
  | { readonly kind: "match"; readonly pattern: RegExp }
  | { readonly kind: "serve"; readonly command: string }
  | { readonly kind: "itself" };

export interface VerifyAsked {
  readonly target: VerifiedTarget;
  readonly scenario: readonly string[];
  /** Calls before the first measurement. */
  readonly warmUpCalls: number;
  /** Calls of the first round. */
  readonly calls: number;
  readonly rounds: number;
  readonly baselineFile: string | null;
  readonly maxPauseMs: number;
  readonly toolVersion: string;
  readonly nowMs: number;
  readonly progress: Progress;
  /** Ends it after the call that is under way. */
  readonly signal: AbortSignal;
}

export interface VerifyProblem {
  readonly code: string;
  readonly message: string;
}

export async function verifyScenario(asked: VerifyAsked): Promise<Result<Verification, VerifyProblem>> {
  const known = asked.baselineFile === null ? ok([]) : readKnownGrowth(asked.baselineFile);
  if (!known.ok) return fail({ code: "usage", message: known.error });
  const { target, scenario } = asked;
  switch (target.kind) {
    case "pid":
      return await verified(ok(await chooseByPid(target.pid)), commandScenario(scenario), known.value, asked);
    case "match":
      return await verified(await chooseByPattern(target.pattern), commandScenario(scenario), known.value, asked);
    case "serve": {
      const started = await startCommand(["/bin/sh", "-c", target.command]);
      if (!started.ok) return fail({ code: "not-started", message: started.error });
      await using server = started.value;
      return await verified(ok(server.target), commandScenario(scenario), known.value, asked);
    }
    case "itself": {
      await using program = lineProgram(scenario);
      return await verified(null, program, known.value, asked);
    }
  }
}

/** `chosen` is null for a program that is its own scenario: its process can be told once it has worked. */
async function verified(
  chosen: Result<ChosenTarget, string> | null,
  scenario: Scenario & { readonly pid?: number },
  known: readonly KnownGrowth[],
  asked: VerifyAsked,
): Promise<Result<Verification, VerifyProblem>> {
  if (chosen !== null && !chosen.ok) return fail({ code: "no-target", message: chosen.error });
  const warm = await warmUp(scenario, asked);
  if (warm !== null) return fail({ code: "scenario-failed", message: warm });
  const target = chosen === null ? await chooseByPid(scenario.pid ?? 0) : chosen.value;
  const { calls, rounds: mostRounds, maxPauseMs, progress, signal } = asked;
  const ran = await runRounds(target.pid, scenario, { calls, mostRounds, maxPauseMs, progress, signal });
  if (!ran.ok) return fail({ code: "scenario-failed", message: (await scenario.endedEarly()) ?? ran.error });
  const { workers, notices } = target;
  const diagnosis = await joinSources(ran.value.judged, { workers, notices, ...asked });
  return ok(
    verificationOf({
      ran: ran.value,
      diagnosis,
      known,
      nowMs: asked.nowMs,
      scenario: { command: redactCommand(asked.scenario), warmUpCalls: asked.warmUpCalls, mostRounds },
    }),
  );
}

const LISTENS_WITHIN_MS = 15_000;
const ASK_EVERY_MS = 250;

/** Null when all went well. A server that has just been started may not listen yet. */
async function warmUp(
  scenario: Scenario,
  { warmUpCalls, target, progress, signal }: VerifyAsked,
): Promise<string | null> {
  progress({ phase: "warming up", done: 0, total: warmUpCalls, unit: "steps" });
  const deadlineMs = performance.now() + (target.kind === "serve" ? LISTENS_WITHIN_MS : 0);
  for (;;) {
    const first = await scenario.run(1, signal);
    if (first.ok) break;
    if (performance.now() >= deadlineMs || signal.aborted) return first.error;
    await delay(ASK_EVERY_MS);
  }
  if (warmUpCalls <= 1) return null;
  const rest = await scenario.run(warmUpCalls - 1, signal);
  return rest.ok ? null : rest.error;
}
