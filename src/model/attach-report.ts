// What `deadweight attach` says when it ends, and what `deadweight detach` has done.

import type { ProbedProcess } from "./run-report.ts";

export interface AttachReport {
  readonly schema: "deadweight/attach@1";
  readonly pid: number;
  /** "3.11.7". */
  readonly python: string;
  /** How long the process stood still for the call to be written. */
  readonly pauseMs: number;
  /** How long the probe was in it. */
  readonly seconds: number;
  /** `asked`: by us, and the probe has left. `closed`: the process ended, or somebody else took the probe out. */
  readonly ended: "asked" | "closed";
  /** The process itself, then what it has forked. */
  readonly processes: readonly ProbedProcess[];
  /** Connections that were turned away, as sentences. */
  readonly refused: readonly string[];
}

export interface DetachReport {
  readonly schema: "deadweight/detach@1";
  readonly pid: number;
  readonly pauseMs: number;
}
