// Follows the orders of use of several caches, in several processes, for a while and within a share of one core. None is stopped.

import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import type { Progress } from "../../model/progress.ts";
import type { OrderFollower } from "./order-follower.ts";

export interface FollowOptions {
  readonly forSeconds: number;
  /** Of one core. */
  readonly budgetShare: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Followed {
  readonly seconds: number;
  /** Share of one core that was spent. */
  readonly spentShare: number;
}

/** Calls between two looks, as a part of the bound: the fewer, the smaller the sizes that can be told. */
const PART_OF_BOUND = 128;
/** An idle cache may be called at any moment; a look at one that is not costs some microseconds. */
const LONGEST_GAP_MS = 20;
/** Of the newest rate in the mean of all. */
const RATE_WEIGHT = 0.3;

interface Paced {
  readonly follower: OrderFollower;
  lookedMs: number;
  dueMs: number;
  perMs: number;
}

export async function followOrders(followers: readonly OrderFollower[], options: FollowOptions): Promise<Followed> {
  const { forSeconds, budgetShare, signal, progress } = options;
  const startMs = performance.now();
  const spent = cpuMeter();
  const paced = followers.map((follower) => ({ follower, lookedMs: startMs, dueMs: startMs, perMs: 0 }));
  const elapsed = (): number => performance.now() - startMs;
  progress({ phase: "following the order of use", done: 0, total: forSeconds, unit: "seconds" });
  for (let second = 0; elapsed() < forSeconds * 1000 && !signal.aborted; ) {
    for (const each of paced)
      if (each.follower.end === null && each.dueMs <= performance.now()) lookAt(each, elapsed());
    if (elapsed() >= (second + 1) * 1000)
      progress({ phase: "following the order of use", done: ++second, total: forSeconds, unit: "seconds" });
    const alive = paced.filter(({ follower }) => follower.end === null);
    if (alive.length === 0) break;
    await rest(Math.min(...alive.map(({ dueMs }) => dueMs)), spent() > budgetShare * elapsed(), signal);
  }
  const [ms, tookMs] = [spent(), elapsed()];
  return { seconds: tookMs / 1000, spentShare: tookMs === 0 ? 0 : ms / tookMs };
}

function lookAt(each: Paced, elapsedMs: number): void {
  const { follower } = each;
  const calls = follower.look(elapsedMs);
  const now = performance.now();
  const rate = calls / Math.max(0.01, now - each.lookedMs);
  each.perMs = each.perMs === 0 ? rate : (1 - RATE_WEIGHT) * each.perMs + RATE_WEIGHT * rate;
  each.lookedMs = now;
  const wanted = Math.max(1, follower.bound / PART_OF_BOUND);
  each.dueMs = now + Math.min(LONGEST_GAP_MS, each.perMs === 0 ? LONGEST_GAP_MS : wanted / each.perMs);
}

/** Until it is due; a timer is never more exact than a millisecond, so shorter waits are turns of the loop while there is budget. */
async function rest(dueMs: number, isOverBudget: boolean, signal: AbortSignal): Promise<void> {
  const waitMs = dueMs - performance.now();
  if (waitMs < 1 && !isOverBudget) {
    await turn();
    return;
  }
  try {
    await delay(Math.max(1, Math.floor(waitMs)), undefined, { signal });
  } catch {
    // Node rejects a wait that is aborted; the loop sees it.
  }
}

function cpuMeter(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}
