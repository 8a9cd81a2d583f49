// The loop of every case: change the truth, clear, and when the clear is acknowledged, raise the version that no answer may be below.
// A row ends when every fault of it has come often enough (judge-row.ts).

import { setTimeout as delay } from "node:timers/promises";
import { clearCaches } from "../../src/app/caches/clear-caches.ts";
import type { CacheCommandReport } from "../../src/model/cache-command.ts";
import { type Enough, isOver, type Judged, judgeRow, type Shown, type Subject } from "./judge-row.ts";
import { type Fleet, type FleetAsked, isLiving, type Mode, startFleet } from "./fleet.ts";

export const APP = "faults";

/** acknowledged: by everybody. partial: the answer says who is missing. refused: nothing was done, and the answer says so. */
export type Answer = "acknowledged" | "partial" | "refused";

export interface CaseResult extends Shown {
  readonly mode: Mode;
  readonly loads: number;
  readonly answers: Readonly<Record<Answer, number>>;
}

export interface Place {
  /** Interpreter with cachetools and gunicorn. */
  readonly python: string;
  readonly size: FleetAsked["size"];
  readonly enough: Enough;
}

/** A place, and what is expected of the cache there. */
export interface Row extends Place {
  readonly subject: Subject;
}

export interface FaultCase {
  readonly name: string;
  /** Of the failure cases in docs/cache-guarantees.md. */
  readonly numbers: readonly number[];
  readonly modes: readonly Mode[];
  /** The caches are plain ones, but cleared by `deadweight caches clear --pid`. */
  readonly isFenced?: boolean;
  /** Each clear takes seconds: as many are asked for as its faults come. */
  readonly isSlow?: boolean;
  /** A reason why it cannot be run here, or null. */
  readonly impossible?: () => string | null;
  run(row: Row, mode: Mode): Promise<CaseResult>;
}

export interface RowResult extends CaseResult, Judged {}

/** One row: it goes on until it has shown enough, or fails. */
export async function runRow(fault: FaultCase, place: Place, mode: Mode): Promise<RowResult> {
  const subject = isGoverned(fault, mode) ? "ours" : "contrast";
  const { enough: asked } = place;
  const enough = fault.isSlow === true ? { ...asked, clears: asked.times } : asked;
  const result = await fault.run({ ...place, enough, subject }, mode);
  return { ...result, ...judgeRow(result, enough, subject) };
}

/** How a clear is made. `key`: of one key only, or of all. */
export type Clear = (drive: Drive, key: number | null) => Promise<Answer>;

/** What happens around the nth clear. */
export interface Around {
  /** Whoever makes one come calls `came`: the row does not end before each came often enough. */
  readonly faults?: readonly string[];
  /** What every clear of the row should be answered with. */
  readonly wanted?: Answer;
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
  readonly came: Record<string, number>;
}

const LOAD_MS = 8;
const GAP_MS = 15;

/** A fleet, clears until enough was shown, and what came of it. */
export async function drive(
  { python, size, enough, subject }: Row,
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
    came: Object.fromEntries((around.faults ?? []).map((fault) => [fault, 0])),
  };
  const clear = around.clear ?? (mode === "deadweight" ? clearByTable : clearByTelling);
  const begun = performance.now();
  const shown = (): CaseResult => resultOf(state, mode, around.wanted ?? "acknowledged", performance.now() - begun);
  for (let round = 0; !isOver(shown(), enough, subject); round++) {
    await around.before?.(state, round);
    const isByKey = round % 3 === 2 && (around.clear === undefined || around.hasTags === true);
    const answer = await clearOnce(state, clear, isByKey ? round % 16 : null);
    await around.after?.(state, round, answer);
    await delay(GAP_MS);
  }
  return shown();
}

/** `total`: where it is counted elsewhere. */
export function came({ came: counts }: Drive, fault: string, total: number = (counts[fault] ?? 0) + 1): void {
  if (!(fault in counts)) throw new Error(`a fault that the row does not name: ${fault}`);
  counts[fault] = total;
}

/** The truth changes right before the clear. */
export async function clearOnce(state: Drive, clear: Clear, key: number | null): Promise<Answer> {
  const { words } = state.fleet;
  state.version++;
  words.setTruth(state.version, key);
  const answer = await clear(state, key);
  if (answer === "acknowledged") words.setFloor(state.version, key);
  state.answers[answer]++;
  return answer;
}

function resultOf({ fleet, answers, broken, came }: Drive, mode: Mode, wanted: Answer, ms: number): CaseResult {
  const { faults: _, errors, ...counts } = fleet.words.counts();
  const raised = errors === 0 ? [] : [`${errors} calls raised an error`];
  const all = [...broken, ...raised];
  return { mode, ...counts, answers, clears: answers[wanted], came, broken: all, seconds: ms / 1000 };
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

/** Workers that live now. */
export function livingOf({ words }: Fleet): readonly number[] {
  return words.pids().filter(isLiving);
}

/** Whether the clears of a case are deadweight's, so that nothing may be violated. */
export function isGoverned({ isFenced = false }: FaultCase, mode: Mode): boolean {
  return isFenced || mode === "deadweight" || mode === "tier";
}
