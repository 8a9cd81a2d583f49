// `watch --replay`: the reports of a recording, as they were, at any speed and from any moment.

import { setTimeout as delay } from "node:timers/promises";
import { existsSync } from "node:fs";
import { fail, ok, type Result } from "../../../base/result.ts";
import type { WatchReport } from "../../../model/watch-report.ts";
import { sumHolders } from "../../../watch/sum-holders.ts";
import type { ReplayAsked, WatchOutcome, WatchProblem, WatchSession } from "../watch-session.ts";
import { readHistory, type Recording } from "./read-history.ts";
import { createRecordedView, type RecordedView } from "./recorded-view.ts";

interface Replay {
  readonly asked: ReplayAsked;
  readonly recording: Recording;
  readonly fromMs: number;
  readonly untilMs: number;
  view: RecordedView;
  /** On the recording's clock. */
  atMs: number;
  /** Of the last report: events up to then have been told. */
  toldMs: number;
  speed: number;
  isOver: boolean;
  alarm: AbortController;
}

export async function replayRecording(asked: ReplayAsked): Promise<Result<WatchSession, WatchProblem>> {
  const read = await readHistory(asked.file);
  if (!read.ok) return read;
  const recording = read.value;
  const times = recording.processes.flatMap(({ samples }) => [samples[0]?.atMs ?? 0, samples.at(-1)?.atMs ?? 0]);
  if (times.length === 0)
    return fail({ code: "no-recording", message: `The recording ${asked.file} is empty: nothing was sampled yet.` });
  const [fromMs, untilMs] = [Math.min(...times), Math.max(...times)];
  const replay: Replay = {
    asked,
    recording,
    fromMs,
    untilMs,
    view: createRecordedView(recording),
    atMs: fromMs,
    toldMs: Number.NEGATIVE_INFINITY,
    speed: asked.speed,
    isOver: false,
    alarm: new AbortController(),
  };
  return ok(sessionOf(replay));
}

function sessionOf(replay: Replay): WatchSession {
  const { recording, fromMs, untilMs, asked } = replay;
  return {
    reports: () => reportsOf(replay),
    hurry: () => replay.alarm.abort(),
    snapshot: async () =>
      fail({ code: "no-snapshot", message: "A recording has no process that a snapshot could be taken of." }),
    end: () => {
      replay.isOver = true;
      replay.alarm.abort();
    },
    heapOf: (pid) => {
      const kept = recording.snapshots.filter((each) => each.pid === pid && existsSync(each.file));
      return (kept.findLast(({ atMs }) => atMs <= replay.atMs) ?? kept[0])?.file ?? null;
    },
    replay: {
      speed: () => replay.speed,
      setSpeed: (speed) => {
        replay.speed = speed === 1 && replay.speed === 0 ? asked.speed : speed;
      },
      seek: (bySeconds) => moveTo(replay, replay.atMs + bySeconds * 1000),
      position: () => ({ seconds: (replay.atMs - fromMs) / 1000, totalSeconds: (untilMs - fromMs) / 1000 }),
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function moveTo(replay: Replay, atMs: number): void {
  const { fromMs, untilMs, recording } = replay;
  const to = Math.min(untilMs, Math.max(fromMs, atMs));
  // Verdicts of a later moment are none of an earlier one.
  if (to < replay.atMs) replay.view = createRecordedView(recording);
  replay.atMs = to;
}

async function* reportsOf(replay: Replay): AsyncGenerator<WatchReport, WatchOutcome, undefined> {
  const { asked, untilMs } = replay;
  for (;;) {
    if (replay.isOver) return { how: "told", sentence: "" };
    yield reportAt(replay);
    if (replay.atMs >= untilMs && !asked.isWatched) return { how: "gone", sentence: "The recording is over." };
    const isHurried = asked.isWatched ? await pause(replay, asked.reportEveryMs) : false;
    // Whoever pressed a key has moved, or wants to see what the key did.
    if (!isHurried) moveTo(replay, replay.atMs + asked.reportEveryMs * replay.speed);
  }
}

async function pause(replay: Replay, ms: number): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal: replay.alarm.signal });
    return false;
  } catch {
    // Node rejects a wait that is aborted; nothing else can make it fail.
    replay.alarm = new AbortController();
    return true;
  }
}

function reportAt(replay: Replay): WatchReport {
  const { recording, atMs, fromMs, toldMs } = replay;
  const processes = replay.view(atMs);
  const events = recording.events.filter((each) => each.atMs > toldMs && each.atMs <= atMs).map(({ text }) => text);
  replay.toldMs = atMs;
  return {
    schema: "deadweight/watch@1",
    atMs: recording.begunMs + atMs,
    seconds: (atMs - fromMs) / 1000,
    processes,
    sums: sumHolders(processes),
    events,
  };
}
