// `deadweight lines --json`: memory of a function line by line. python/src/deadweight/_lines_report.py makes it.

export interface LineMemory {
  readonly line: number;
  /** Most memory of the process seen when this line had run; null when it never ran. */
  readonly memoryBytes: number | null;
  /** Net growth while it ran, all runs together; null when it never ran, and on the line that names the function. */
  readonly incrementBytes: number | null;
  /** The part of the increment that came between lines that were not watched and is shared out by what they did before. */
  readonly estimatedBytes: number;
  readonly occurrences: number;
  /** It ran more often than that. */
  readonly isLeast: boolean;
  readonly source: string;
}

export interface FunctionMemory {
  readonly module: string;
  readonly function: string;
  readonly file: string;
  readonly firstLine: number;
  readonly calls: number;
  /** Calls whose growth is in the increments. */
  readonly measuredCalls: number;
  /** Calls that an exception ended. Counted on Python 3.12 and later; 0 before. */
  readonly raised: number;
  /** Times a generator or coroutine was suspended. What came meanwhile is not its own. */
  readonly suspensions: number;
  /** It called itself; growth counts once, in the innermost call. */
  readonly isRecursive: boolean;
  /** Another thread ran a chosen function at the same time, and memory is the whole process's. */
  readonly sharesMemoryWithThreads: boolean;
  readonly startBytes: number;
  readonly peakBytes: number;
  /** Net growth while it ran. */
  readonly totalBytes: number;
  /** Growth that could not be given to one line; null when there is none. */
  readonly unplaced: { readonly bytes: number; readonly lines: readonly number[] } | null;
  readonly lines: readonly LineMemory[];
}

export interface LinesReport {
  readonly schema: "deadweight/lines@1";
  readonly python: string;
  readonly script: string;
  readonly method: "sys.monitoring" | "sys.settrace";
  /** Where memory was read: /proc/self/statm. */
  readonly source: string;
  /** Smallest change that can be seen. */
  readonly resolutionBytes: number;
  /** False where the system tells the peak only. */
  readonly seesReleases: boolean;
  /** Chosen functions that ran. */
  readonly functions: readonly FunctionMemory[];
  /** How the script ended: its exit code, or 128 + the number of the signal. */
  readonly exitCode: number;
}
