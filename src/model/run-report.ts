// What `deadweight run` says when the program has ended.

/** A Python process that the probe was loaded into. */
export interface ProbedProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** "3.11.7". */
  readonly python: string;
  /** Without secrets. */
  readonly command: readonly string[];
  /** `helper`: started by multiprocessing for itself. */
  readonly role: "program" | "helper";
  /** From the start of the program to the probe's first word. */
  readonly connectedAfterMs: number;
  /** Null while it is still connected. */
  readonly endedAfterMs: number | null;
  readonly requests: number;
  /** Requests without an answer: the process was stopped, busy or ended. */
  readonly unanswered: number;
  /** As the process said last; null when it ended before it was asked. */
  readonly last: ProbeStatistics | null;
}

/** Counters that a process reads in microseconds. */
export interface ProbeStatistics {
  readonly collectorEnabled: boolean;
  /** Collections so far, youngest generation first. */
  readonly collections: readonly number[];
  readonly collected: number;
  readonly uncollectable: number;
  /** Objects that gc.freeze has put aside. */
  readonly frozen: number;
  readonly threads: number;
  /** Of Python's own allocator; null where the interpreter does not count. */
  readonly allocatedBlocks: number | null;
}

export interface RunReport {
  readonly schema: "deadweight/run@1";
  readonly command: readonly string[];
  readonly exitCode: number | null;
  /** Null when it ended by itself. */
  readonly signal: string | null;
  readonly seconds: number;
  /** In order of connection. */
  readonly processes: readonly ProbedProcess[];
  /** Connections that were turned away, as sentences. */
  readonly refused: readonly string[];
}
