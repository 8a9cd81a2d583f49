// The use case of `deadweight watch`: one process or several workers of one program, as they come and go, with one report
// at a time of all of them.

import { setTimeout as delay } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import { countOf } from "../../base/format-count.ts";
import { formatDuration } from "../../base/format-duration.ts";
import type { LoadReader } from "../../capture/process-signals/load-reader.ts";
import { describeEnd } from "../../model/process-end.ts";
import type { WatchReport } from "../../model/watch-report.ts";
import { type FiredTriggers, firing } from "../../watch/snapshot-triggers.ts";
import { sumHolders } from "../../watch/sum-holders.ts";
import { createFinder, type FindWorkers } from "./find-workers.ts";
import { openLoad } from "./open-load.ts";
import { openOutlets, type Outlets } from "./outlets.ts";
import { shelve } from "./snapshot-shelf.ts";
import { type WatchedTarget, watchTarget } from "./watched-target.ts";
import type { WatchAsked, WatchOutcome, WatchProblem, WatchSession } from "./watch-session.ts";

/** Everything a session is made of. */
interface Fleet {
  readonly asked: WatchAsked;
  readonly load: LoadReader | null;
  readonly find: FindWorkers;
  readonly outlets: Outlets;
  readonly stop: AbortController;
  readonly startMs: number;
  readonly members: Map<number, Member>;
  /** Processes that could not be read, so that it is said once. */
  readonly refused: Set<number>;
  events: string[];
  alarm: AbortController;
  snapshotsKept: number;
  /** The first snapshots are taken; who is found now has come meanwhile. */
  isBegun: boolean;
}

interface Member {
  readonly target: WatchedTarget;
  readonly fired: FiredTriggers;
}

/** Workers are looked for this often. */
const LOOK_AGAIN_MS = 3000;

/** Takes the first snapshots. Fails when nothing can be watched, or not all that is asked can be had. */
export async function watchFleet(asked: WatchAsked): Promise<Result<WatchSession, WatchProblem>> {
  const load = openLoad(asked.load);
  if (!load.ok) return fail({ code: "usage", message: load.error });
  const find = createFinder(asked.target);
  const found = find();
  if (!found.ok) return fail({ code: "too-many", message: found.error });
  if (found.value.length === 0) return fail({ code: "no-target", message: noneSentence(asked) });
  const outlets = await openOutlets(asked);
  if (!outlets.ok) return outlets;
  const fleet: Fleet = {
    asked,
    load: load.value,
    find,
    outlets: outlets.value,
    stop: new AbortController(),
    startMs: performance.now(),
    members: new Map(),
    refused: new Set(),
    events: [],
    alarm: new AbortController(),
    snapshotsKept: 0,
    isBegun: false,
  };
  await admit(fleet, found.value);
  fleet.isBegun = true;
  if (fleet.members.size > 0) return ok(sessionOf(fleet));
  const [first] = fleet.events;
  await dismiss(fleet);
  return fail({ code: "not-watched", message: first ?? noneSentence(asked) });
}

function noneSentence({ target }: WatchAsked): string {
  return target.kind === "pid"
    ? `There is no process ${target.pid}. It may have ended or restarted; look it up again with: pgrep -af python`
    : `No Python process of yours has a command line that matches /${target.pattern.source}/; \`ps -eo pid,args\` shows them all.`;
}

function sessionOf(fleet: Fleet): WatchSession {
  return {
    reports: () => reportsOf(fleet),
    hurry: () => fleet.alarm.abort(),
    snapshot: async (pid, why) => {
      const taken = await takeSnapshot(fleet, pid, why);
      return taken.ok ? taken : fail({ code: "no-snapshot", message: taken.error });
    },
    end: () => {
      fleet.stop.abort();
      fleet.alarm.abort();
    },
    heapOf: (pid) => (fleet.members.has(pid) ? String(pid) : null),
    replay: null,
    [Symbol.asyncDispose]: () => dismiss(fleet),
  };
}

async function dismiss(fleet: Fleet): Promise<void> {
  fleet.stop.abort();
  for (const { target } of fleet.members.values()) {
    await target.done;
    target[Symbol.dispose]();
  }
  fleet.members.clear();
  await fleet.outlets[Symbol.asyncDispose]();
}

async function* reportsOf(fleet: Fleet): AsyncGenerator<WatchReport, WatchOutcome, undefined> {
  const { asked, stop, outlets } = fleet;
  let lookedMs = elapsedMs(fleet);
  for (;;) {
    await pause(fleet, asked.reportEveryMs);
    if (stop.signal.aborted) return await outcome(fleet, "told");
    if (elapsedMs(fleet) - lookedMs >= LOOK_AGAIN_MS) {
      await lookAgain(fleet);
      lookedMs = elapsedMs(fleet);
    }
    const report = reportOf(fleet);
    fleet.events.push(...(await fleet.outlets.take(report, rawOf(fleet))));
    await fireTriggers(fleet, report);
    yield report;
    bury(fleet, report);
    if (asked.forSeconds !== null && report.seconds >= asked.forSeconds) return await outcome(fleet, "time");
    if (fleet.members.size > 0 || (await hasSuccessors(fleet))) continue;
    // A recording ends with what became of the last process.
    const empty = reportOf(fleet);
    fleet.events = [...empty.events, ...(await outlets.take(empty, rawOf(fleet)))];
    return await outcome(fleet, "gone");
  }
}

/** `hurry` and `end` cut it short. */
async function pause(fleet: Fleet, ms: number): Promise<void> {
  try {
    if (!fleet.stop.signal.aborted) await delay(ms, undefined, { signal: fleet.alarm.signal });
  } catch {
    // Node rejects a wait that is aborted; nothing else can make it fail.
  }
  fleet.alarm = new AbortController();
}

function reportOf(fleet: Fleet): WatchReport {
  const views = [...fleet.members.values()].flatMap(({ target }) => target.view() ?? []);
  const processes = views.toSorted((a, b) => a.pid - b.pid);
  const events = fleet.events;
  fleet.events = [];
  return {
    schema: "deadweight/watch@1",
    atMs: Date.now(),
    seconds: elapsedMs(fleet) / 1000,
    processes,
    sums: sumHolders(processes),
    events,
  };
}

/** What outlets need beside the report. */
function rawOf({ members }: Fleet): Parameters<Outlets["take"]>[1] {
  return (pid) => {
    const member = members.get(pid);
    if (member === undefined) return null;
    const { startTicks, folder, takeSample, gaugeAt } = member.target;
    return { startTicks, folder, takeSample, gaugeAt };
  };
}

// Workers that come and go.

async function admit(fleet: Fleet, pids: readonly number[]): Promise<void> {
  const { asked, load, stop } = fleet;
  for (const pid of pids) {
    if (stop.signal.aborted || fleet.members.has(pid) || fleet.refused.has(pid)) continue;
    const opened = await watchTarget(pid, {
      samplesPerSecond: asked.samplesPerSecond,
      load,
      maxPauseMs: asked.maxPauseMs,
      signal: stop.signal,
      onFirst: async (snapshot) => {
        // Growth lies between two snapshots: a recording without its first one could not be diagnosed.
        if (asked.record !== null) await keep(fleet, pid, await shelve(asked.shelf, snapshot), "the watch began");
      },
    });
    if (opened.ok) {
      fleet.members.set(pid, { target: opened.value, fired: new Set() });
      if (fleet.isBegun) fleet.events.push(`Process ${pid} has come; it is watched from now on.`);
    } else {
      fleet.refused.add(pid);
      fleet.events.push(opened.error);
    }
  }
}

async function lookAgain(fleet: Fleet): Promise<void> {
  const found = fleet.find();
  // Too many all of a sudden: those that are watched already are enough.
  if (found.ok) await admit(fleet, found.value);
}

/** Those that have been shown as ended once leave the view. */
function bury(fleet: Fleet, { processes }: WatchReport): void {
  for (const { pid, state } of processes) {
    const member = fleet.members.get(pid);
    if (state !== "ended" || member === undefined) continue;
    const end = member.target.end() ?? { how: "exited", afterMs: 0, oomKill: null };
    fleet.events.push(`${describeEnd(`Process ${pid}`, `after ${formatDuration(end.afterMs)}`, end)}.`);
    fleet.events.push(...fleet.outlets.processEnded(pid, member.target.startTicks, end));
    member.target[Symbol.dispose]();
    fleet.members.delete(pid);
    fleet.refused.delete(pid);
  }
}

/** A recycled worker is missing for a moment only. */
async function hasSuccessors(fleet: Fleet): Promise<boolean> {
  if (fleet.asked.target.kind === "pid" && fleet.asked.target.alone) return false;
  for (let tries = 0; tries < 4 && fleet.members.size === 0 && !fleet.stop.signal.aborted; tries++) {
    if (tries > 0) await pause(fleet, 500);
    await lookAgain(fleet);
  }
  return fleet.members.size > 0;
}

// Snapshots.

async function fireTriggers(fleet: Fleet, { processes }: WatchReport): Promise<void> {
  for (const process of processes) {
    const member = fleet.members.get(process.pid);
    if (member === undefined || process.state === "ended") continue;
    const [why] = firing(fleet.asked.snapshotAt, process, member.fired);
    if (why === undefined) continue;
    const taken = await takeSnapshot(fleet, process.pid, why);
    if (!taken.ok) fleet.events.push(`No snapshot of process ${process.pid} although ${why}: ${taken.error}`);
  }
}

async function takeSnapshot(fleet: Fleet, pid: number, why: string): Promise<Result<string, string>> {
  const target = fleet.members.get(pid)?.target;
  if (target === undefined) return fail(`Process ${pid} is watched no more.`);
  const shelved = await target.refresh((snapshot) => shelve(fleet.asked.shelf, snapshot));
  return await keep(fleet, pid, shelved, why);
}

async function keep(
  fleet: Fleet,
  pid: number,
  shelved: Result<string, string>,
  why: string,
): Promise<Result<string, string>> {
  if (!shelved.ok) {
    fleet.events.push(shelved.error);
    return shelved;
  }
  fleet.snapshotsKept += 1;
  fleet.events.push(`Snapshot of process ${pid} since ${why}: ${shelved.value}`);
  fleet.events.push(...(await fleet.outlets.snapshotKept(pid, shelved.value, why)));
  return shelved;
}

async function outcome(fleet: Fleet, how: WatchOutcome["how"]): Promise<WatchOutcome> {
  // The last snapshot of a recording: what has grown since the first is named by it.
  if (fleet.asked.record !== null && how !== "gone")
    for (const pid of fleet.members.keys()) await takeSnapshot(fleet, pid, "the watch ended");
  return { how, sentence: [HOW[how], ...fleet.events, savedSentence(fleet)].filter((each) => each !== "").join(" ") };
}

const HOW: Readonly<Record<WatchOutcome["how"], string>> = {
  time: "The time is over.",
  told: "",
  gone: "Nothing is left to watch.",
};

function savedSentence({ asked, snapshotsKept }: Fleet): string {
  const snapshots = snapshotsKept === 0 ? [] : [`${countOf(snapshotsKept, "snapshot")} in ${asked.shelf.folder}`];
  const record = asked.record === null ? [] : [`the recording ${asked.record.file}`];
  const saved = [...record, ...snapshots];
  return saved.length === 0 ? "" : `Kept: ${saved.join(", ")}.`;
}

function elapsedMs({ startMs }: Fleet): number {
  return performance.now() - startMs;
}
