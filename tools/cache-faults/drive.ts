// The loop of every case: change the truth, clear, and when the clear is acknowledged, raise the version that no answer may be below.

import { setTimeout as delay } from "node:timers/promises";
import { clearCaches } from "../../src/app/caches/clear-caches.ts";
import { openProcFs } from "../../src/capture/proc-fs.ts";
import { readRunState } from "../../src/capture/process-signals/run-state.ts";
import type { CacheCommandReport } from "../../src/model/cache-command.ts";
import { type Fleet, type FleetAsked, type Mode, startFleet } from "./fleet.ts";

export const APP = "faults";

/** acknowledged: by everybody. partial: the answer says who is missing. refused: nothing was done, and the answer says so. */
export type Answer = "acknowledged" | "partial" | "refused";

export interface CaseResult {
  readonly mode: Mode;
  readonly calls: number;
  readonly loads: number;
  /** Mean of all loads under way when a clear began. */
  readonly underWay: number;
  readonly answers: Readonly<Record<Answer, number>>;
  /** Calls that began after an acknowledged clear and were answered with what was loaded before it. */
  readonly violations: number;
  /** Whatever else was not as promised. */
  readonly broken: readonly string[];
}

export interface Place {
  /** Interpreter with cachetools and gunicorn. */
  readonly python: string;
  readonly size: FleetAsked["size"];
  readonly seconds: number;
}

export interface FaultCase {
  readonly name: string;
  /** Of the failure cases in docs/cache-guarantees.md. */
  readonly numbers: readonly number[];
  readonly modes: readonly Mode[];
  /** The caches are plain ones, but cleared by `deadweight caches clear --pid`. */
  readonly isFenced?: boolean;
  /** A reason why it cannot be run here, or null. */
  readonly impossible?: () => string | null;
  run(place: Place, mode: Mode): Promise<CaseResult>;
}

/** How a clear is made. `key`: of one key only, or of all. */
export type Clear = (drive: Drive, key: number | null) => Promise<Answer>;

/** What happens around the nth clear. */
export interface Around {
  /** How many clears there are at least. */
  readonly rounds?: number;
  readonly clear?: Clear;
  /** Every third clear is of one key only, also with a clear of its own. */
  readonly hasTags?: boolean;
  readonly before?: (drive: Drive, round: number) => Promise<void> | void;
  readonly after?: (drive: Drive, round: number, answer: Answer) => Promise<void> | void;
}

export interface Drive {
  readonly fleet: Fleet;
  /** Of the truth. */
  version: number;
  readonly broken: string[];
  readonly answers: Record<Answer, number>;
  readonly underWay: number[];
}

const LOAD_MS = 8;
const GAP_MS = 15;

/** A fleet, clears for so many seconds, and what came of it. */
export async function drive(
  { python, size, seconds }: Place,
  mode: Mode,
  around: Around,
  more: Partial<FleetAsked> = {},
): Promise<CaseResult> {
  await using fleet = await startFleet({ mode, python, size, loadMs: LOAD_MS, pauseMs: 0, ...more });
  const state: Drive = {
    fleet,
    version: 0,
    broken: [],
    answers: { acknowledged: 0, partial: 0, refused: 0 },
    underWay: [],
  };
  const clear = around.clear ?? (mode === "deadweight" ? clearByTable : clearByTelling);
  for (let round = 0, end = performance.now() + seconds * 1000; ; round++) {
    if (round >= (around.rounds ?? 1) && performance.now() > end) break;
    await around.before?.(state, round);
    const isByKey = round % 3 === 2 && (around.clear === undefined || around.hasTags === true);
    const answer = await clearOnce(state, clear, isByKey ? round % 16 : null);
    await around.after?.(state, round, answer);
    await delay(GAP_MS);
  }
  return resultOf(state, mode);
}

/** The truth changes right before the clear. */
export async function clearOnce(state: Drive, clear: Clear, key: number | null): Promise<Answer> {
  const { words } = state.fleet;
  state.underWay.push(words.loadsUnderWay());
  state.version++;
  words.setTruth(state.version, key);
  const answer = await clear(state, key);
  if (answer === "acknowledged") words.setFloor(state.version, key);
  state.answers[answer]++;
  return answer;
}

function resultOf({ fleet, answers, broken, underWay }: Drive, mode: Mode): CaseResult {
  const mean = underWay.reduce((sum, each) => sum + each, 0) / Math.max(1, underWay.length);
  return { mode, ...fleet.words.counts(), underWay: mean, answers, broken };
}

const SELECTORS = ["ns:prices", "ns:prices:v1"];

/** What `deadweight caches clear` does, in this process. Every worker that lives must be named. */
export async function clearByTable(state: Drive, key: number | null): Promise<Answer> {
  const { fleet, broken } = state;
  const selector = key === null ? (SELECTORS[state.version % SELECTORS.length] ?? "") : `tag:key:${key}`;
  const before = livingOf(fleet);
  const report = await clearCaches({
    app: APP,
    selector,
    reason: "the truth has changed",
    share: 1,
    isDryRun: false,
    canary: null,
    environment: fleet.environment,
  });
  if (!report.ok) {
    broken.push(report.error.message);
    return "refused";
  }
  return answerOf(state, report.value, before);
}

/** Checks that nobody who lives is left out, and that a partial answer gives reasons. */
export function answerOf(state: Drive, report: CacheCommandReport, before: readonly number[]): Answer {
  const named = new Set(report.receipts.map(({ pid }) => pid));
  const living = new Set(livingOf(state.fleet));
  const unnamed = before.filter((pid) => living.has(pid) && !named.has(pid));
  if (unnamed.length > 0) state.broken.push(`${unnamed.length} living workers were not named`);
  if (report.outcome === "complete") return "acknowledged";
  const missing = report.receipts.filter(({ state: receipt }) => receipt === "missing");
  if (missing.length === 0 || missing.some(({ because }) => because === ""))
    state.broken.push("a partial answer without names and reasons");
  return "partial";
}

async function clearByTelling({ fleet }: Drive): Promise<Answer> {
  return (await fleet.tellAll()) ? "acknowledged" : "partial";
}

/** Workers that live now; whoever is dead and not yet waited for does not count. */
export function livingOf({ words }: Fleet): readonly number[] {
  return words.pids().filter((pid) => isLiving(pid));
}

function isLiving(pid: number): boolean {
  const state = readRunState(openProcFs(), pid);
  return state !== null && !state.isDead;
}

/** Whether the clears of a case are deadweight's, so that nothing may be violated. */
export function isGoverned({ isFenced = false }: FaultCase, mode: Mode): boolean {
  return isFenced || mode === "deadweight" || mode === "tier";
}
