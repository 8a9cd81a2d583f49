// `deadweight trace PID`: opens a window of allocations in a running process, looks twice, and closes it again. The probe closes it
// by itself when there are too many traces, when its time is over, and when this tool is gone.

import { setTimeout as sleep } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import type { AttachError } from "../../model/attach-error.ts";
import type { Progress } from "../../model/progress.ts";
import type { TracedHolder, TraceReport, TracedStack } from "../../model/trace-report.ts";
import type { AttachOptions } from "../attach/attach-probe.ts";
import { type ReachedProbe, reachProbe } from "../attach/reach-probe.ts";
import { growingPlaces, takeHeap } from "./growing-places.ts";
import { type Allocations, parseAllocations, parseGained, parseLook } from "./parse-allocations.ts";
import { sourceLines } from "./source-lines.ts";
import { tracedLines } from "./traced-lines.ts";

export interface TraceAsked extends Pick<AttachOptions, "waitSeconds" | "gdb" | "say"> {
  readonly pid: number;
  readonly forSeconds: number;
  readonly frames: number;
  /** Traces at most; the window ends when there are so many. */
  readonly budget: number;
  /** Lines of the report at most. */
  readonly limit: number;
  /** A place as package.module.NAME whose new objects are looked up; null for none. */
  readonly holder: string | null;
  /** Find the places that grow by two snapshots from outside. */
  readonly join: boolean;
  readonly progress: Progress;
  /** Ends the window early; what was gathered until then is the report. */
  readonly signal: AbortSignal;
}

export type TraceError =
  | AttachError
  | { readonly code: "trace-refused"; readonly pid: number; readonly detail: string };

export interface TraceOutcome {
  readonly report: TraceReport;
  /** For a flame graph. */
  readonly stacks: readonly TracedStack[];
}

const LOOK_EVERY_MS = 250;
/** Stacks of one answer at most: it has to fit into a line of 4 MiB. */
const MOST_STACKS = 4000;
const MOST_STACK_FRAMES = 40_000;
/** Beyond our own time, for a tool that hangs; a tool that is gone is noticed at once. */
const SPARE_SECONDS = 120;
/** Counting 200,000 traces takes a tenth of a second of the process, more on a busy machine. */
const COUNT_WITHIN_MS = 60_000;
const NEWEST_GONE = "the process ended or the connection was closed before the window was";

/** Resolves when tracing has stopped in the process and the probe is on its way out. */
export async function traceProcess(asked: TraceAsked): Promise<Result<TraceOutcome, TraceError>> {
  const { pid } = asked;
  const opened = await reachProbe(pid, asked);
  if (!opened.ok) return opened;
  await using connection = opened.value;
  // With the probe in it, so that what it brings along has not grown.
  const before = asked.join ? await takeHeap(pid, asked.progress) : null;
  const started = await connection.request("trace-start", {
    frames: asked.frames,
    mostTraces: asked.budget,
    mostSeconds: Math.ceil(asked.forSeconds) + SPARE_SECONDS,
  });
  if (!started.ok) return fail({ code: "trace-refused", pid, detail: started.error });
  const half = (asked.forSeconds * 1000) / 2;
  await wait(connection, asked, half, 0);
  const middle = await count(connection, asked, "trace-top");
  await wait(connection, asked, half, half);
  const holders = await lookAtHolders(connection, asked, before);
  const end = await count(connection, asked, "trace-stop");
  if (end === null) return fail({ code: "trace-refused", pid, detail: NEWEST_GONE });
  return ok({ report: reportOf(asked, connection, { middle, end, holders }), stacks: end.stacks });
}

/** Until `ms` are over, the window has ended by itself, or it is asked to end. */
async function wait(connection: ReachedProbe, asked: TraceAsked, ms: number, doneMs: number): Promise<void> {
  const startMs = performance.now();
  for (;;) {
    const waitedMs = performance.now() - startMs;
    if (waitedMs >= ms || asked.signal.aborted || !connection.isOpen) return;
    asked.progress({
      phase: "tracing allocations",
      done: Math.round((doneMs + waitedMs) / 1000),
      total: Math.round(asked.forSeconds),
      unit: "seconds",
    });
    await sleep(Math.min(LOOK_EVERY_MS, ms - waitedMs), null, { signal: asked.signal }).catch(() => null);
    const look = await connection.request("trace-look");
    if (look.ok && parseLook(look.value)?.isOver === true) return;
  }
}

async function count(
  connection: ReachedProbe,
  asked: TraceAsked,
  verb: "trace-top" | "trace-stop",
): Promise<Allocations | null> {
  const limit = Math.max(1, Math.min(MOST_STACKS, Math.floor(MOST_STACK_FRAMES / asked.frames)));
  const answer = await connection.request(verb, { limit }, COUNT_WITHIN_MS);
  return answer.ok ? parseAllocations(answer.value) : null;
}

/** While the window is open: a trace is found by the object it belongs to. */
async function lookAtHolders(
  connection: ReachedProbe,
  asked: TraceAsked,
  before: Awaited<ReturnType<typeof takeHeap>>,
): Promise<readonly TracedHolder[] | null> {
  if (asked.holder === null && !asked.join) return null;
  const after = before === null ? null : await takeHeap(asked.pid, asked.progress);
  if (asked.join && after === null)
    asked.say("the heap could not be read from outside, so growing places are not known");
  const grown = before === null || after === null ? [] : growingPlaces(before, after);
  const paths = new Set([...(asked.holder === null ? [] : [asked.holder]), ...grown]);
  const holders: TracedHolder[] = [];
  for (const path of paths) holders.push(await lookAtHolder(connection, asked, path));
  return holders;
}

async function lookAtHolder(connection: ReachedProbe, asked: TraceAsked, path: string): Promise<TracedHolder> {
  const answer = await connection.request("trace-holder", { path, limit: asked.limit }, COUNT_WITHIN_MS);
  const gained = answer.ok ? parseGained(answer.value) : null;
  const nothing = { path, lines: [], objects: 0, untraced: 0, isComplete: false };
  if (gained === null) return { ...nothing, problem: answer.ok ? "its answer was not understood" : answer.error };
  const readSource = sourceLines(asked.pid);
  const lines = gained.rows.map(({ frames, objects, bytes }) => {
    const frame = frames.at(-1) ?? { file: "?", line: 0 };
    return { ...frame, source: readSource(frame), objects, bytes };
  });
  const { objects, untraced, isComplete } = gained;
  return { path, lines, objects, untraced, isComplete, problem: null };
}

interface Gathered {
  readonly middle: Allocations | null;
  readonly end: Allocations;
  readonly holders: readonly TracedHolder[] | null;
}

function reportOf(asked: TraceAsked, { hello }: ReachedProbe, { middle, end, holders }: Gathered): TraceReport {
  // The window was over in the middle already: both looks are the same one.
  const isTwo = middle !== null && middle.ended === null;
  const lines = tracedLines(end.stacks, isTwo ? middle.stacks : null, sourceLines(asked.pid));
  const shown = lines.slice(0, asked.limit);
  const hidden = lines.slice(asked.limit);
  const sum = (rows: readonly { readonly [name in "blocks" | "bytes"]: number }[], name: "blocks" | "bytes"): number =>
    rows.reduce((total, row) => total + row[name], 0);
  return {
    schema: "deadweight/trace@1",
    pid: asked.pid,
    python: hello.python,
    seconds: end.seconds,
    frames: end.frames,
    ended: end.ended ?? "asked",
    middleSeconds: isTwo ? middle.seconds : null,
    blocks: sum(lines, "blocks") + end.rest.blocks,
    bytes: sum(lines, "bytes") + end.rest.bytes,
    peakBytes: end.peakBytes,
    countMs: Math.max(middle?.countMs ?? 0, end.countMs),
    stopMs: end.stopMs,
    lines: shown,
    rest: {
      lines: hidden.length + end.rest.rows,
      blocks: sum(hidden, "blocks") + end.rest.blocks,
      bytes: sum(hidden, "bytes") + end.rest.bytes,
    },
    holders,
  };
}
