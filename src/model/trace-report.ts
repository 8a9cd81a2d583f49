// `deadweight trace`: which lines allocated what is still alive, in a window on a running process.

export interface TracedFrame {
  readonly file: string;
  readonly line: number;
}

/** One place in the source, with all stacks that end in it. */
export interface TracedLine extends TracedFrame {
  /** The text of the line; null when the file cannot be read here. */
  readonly source: string | null;
  /** Alive at the end, and allocated in the window. */
  readonly blocks: number;
  readonly bytes: number;
  /** The same at the end without what it was in the middle: a cache that has filled up stands still, a leak does not. */
  readonly grownBlocks: number;
  readonly grownBytes: number;
}

/** A whole stack, outermost call first. */
export interface TracedStack {
  readonly frames: readonly TracedFrame[];
  readonly blocks: number;
  readonly bytes: number;
}

/** What one place of the program has gained in the window, by the line that allocated it. */
export interface TracedHolder {
  readonly path: string;
  readonly lines: readonly (TracedFrame & {
    readonly source: string | null;
    readonly objects: number;
    readonly bytes: number;
  })[];
  /** Objects it keeps that were looked at, and those among them that were there before the window. */
  readonly objects: number;
  readonly untraced: number;
  readonly isComplete: boolean;
  /** Why there are no lines; null when it was looked at. */
  readonly problem: string | null;
}

export interface TraceReport {
  readonly schema: "deadweight/trace@1";
  readonly pid: number;
  readonly python: string;
  /** How long allocations were traced. */
  readonly seconds: number;
  /** Frames of a stack at most. */
  readonly frames: number;
  /** `asked`: by its time or Ctrl-C. `budget`: too many traces. `time`: by the probe's own limit. `program`: the program stopped it. */
  readonly ended: "asked" | "budget" | "time" | "program";
  /** When the middle was taken; null when the window was too short for one: then nothing is known to grow. */
  readonly middleSeconds: number | null;
  readonly blocks: number;
  readonly bytes: number;
  /** Most that was alive at once of what was traced. */
  readonly peakBytes: number;
  /** How long the process waited: for the traces to be copied, the longest time; and to forget them. */
  readonly countMs: number;
  readonly stopMs: number;
  readonly lines: readonly TracedLine[];
  /** What the lines above leave out. */
  readonly rest: { readonly lines: number; readonly blocks: number; readonly bytes: number };
  /** Null when it was not asked for. */
  readonly holders: readonly TracedHolder[] | null;
}
