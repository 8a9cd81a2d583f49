// What the probe says of a window, checked field by field: it comes from another process.

import type { TracedFrame, TracedStack, TraceReport } from "../../model/trace-report.ts";

/** Allocations at one moment. */
export interface Allocations {
  readonly stacks: readonly TracedStack[];
  /** What the stacks leave out. */
  readonly rest: { readonly rows: number; readonly blocks: number; readonly bytes: number };
  readonly peakBytes: number;
  readonly seconds: number;
  readonly frames: number;
  /** Null while it is open. */
  readonly ended: TraceReport["ended"] | null;
  readonly countMs: number;
  readonly stopMs: number;
}

export interface WindowLook {
  readonly bytes: number;
  readonly seconds: number;
  readonly isOver: boolean;
}

export interface GainedLines {
  readonly rows: readonly {
    readonly frames: readonly TracedFrame[];
    readonly objects: number;
    readonly bytes: number;
  }[];
  readonly objects: number;
  readonly untraced: number;
  readonly isComplete: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const ENDS: ReadonlySet<unknown> = new Set<TraceReport["ended"]>(["asked", "budget", "time", "program"]);

/** An answer to `trace-top` or `trace-stop`; null when it is none. */
export function parseAllocations(value: unknown): Allocations | null {
  const fields = asFields(value);
  const rest = asFields(fields?.["rest"]);
  if (fields === null || rest === null || !Array.isArray(fields["rows"])) return null;
  return {
    stacks: fields["rows"].map((row) => {
      const each = asFields(row) ?? {};
      return { frames: framesOf(each["stack"]), blocks: amount(each, "blocks"), bytes: amount(each, "bytes") };
    }),
    rest: { rows: amount(rest, "rows"), blocks: amount(rest, "blocks"), bytes: amount(rest, "bytes") },
    peakBytes: amount(fields, "peakBytes"),
    seconds: amount(fields, "seconds"),
    frames: amount(fields, "frames"),
    ended: ENDS.has(fields["ended"]) ? (fields["ended"] as TraceReport["ended"]) : null,
    countMs: amount(fields, "countMs"),
    stopMs: amount(fields, "stopMs"),
  };
}

/** An answer to `trace-look`; null when it is none. */
export function parseLook(value: unknown): WindowLook | null {
  const fields = asFields(value);
  if (fields === null) return null;
  return { bytes: amount(fields, "bytes"), seconds: amount(fields, "seconds"), isOver: fields["ended"] !== null };
}

/** An answer to `trace-holder`; null when it is none. */
export function parseGained(value: unknown): GainedLines | null {
  const fields = asFields(value);
  if (fields === null || !Array.isArray(fields["rows"])) return null;
  return {
    rows: fields["rows"].map((row) => {
      const each = asFields(row) ?? {};
      return { frames: framesOf(each["stack"]), objects: amount(each, "objects"), bytes: amount(each, "bytes") };
    }),
    objects: amount(fields, "objects"),
    untraced: amount(fields, "untraced"),
    isComplete: fields["isComplete"] === true,
  };
}

/** Outermost call first; the probe has the most recent one first. */
function framesOf(value: unknown): TracedFrame[] {
  if (!Array.isArray(value)) return [];
  return value
    .map((frame) => {
      const each = asFields(frame) ?? {};
      return { file: typeof each["file"] === "string" ? each["file"] : "?", line: amount(each, "line") };
    })
    .reverse();
}

function asFields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function amount(fields: Fields, name: string): number {
  const value = fields[name];
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : 0;
}
