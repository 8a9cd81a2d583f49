// What a command that changes caches answers: what was done, and who has it.

export const CACHE_ACTIONS = ["clear", "undo", "resize", "ttl", "freeze", "thaw"] as const;
export type CacheAction = (typeof CACHE_ACTIONS)[number];

/** complete: every member that lives has it. partial: see the receipts. undone: complete, for an undo. */
export const CACHE_OUTCOMES = ["complete", "partial", "undone"] as const;
export type CacheOutcome = (typeof CACHE_OUTCOMES)[number];

/**
 * applied: it reads the table that was written, or has obeyed. armed: it reads the table, and obeys at its next call. ended: it is dead.
 * lapsed: it is cut off or dead, and answers with nothing that it keeps. missing: it lives and was not seen to read it.
 */
export const RECEIPT_STATES = ["applied", "armed", "ended", "lapsed", "missing"] as const;

/** What a member did about a command. */
export interface Receipt {
  readonly pid: number;
  /** When it started, in clock ticks since boot: with it a pid names one process for ever. */
  readonly startTicks: number;
  readonly state: (typeof RECEIPT_STATES)[number];
  readonly because: string;
}

/** How much of what was asked the caches of a command answered, in one window. */
export interface HitRatio {
  readonly hits: number;
  /** Hits and loads. */
  readonly calls: number;
  /** Length of the window; null: since the counters began. */
  readonly seconds: number | null;
}

/** What a command would do in one process. */
export interface BilledWorker {
  readonly pid: number;
  readonly entries: number;
  /** What the entries keep; null: it could not be read. */
  readonly retainedBytes: number | null;
  /** To load all of them again, one after the other; null: no load was measured. */
  readonly reloadSeconds: number | null;
}

/** What a command would do and cost. Sums are null where a part of them is not known. */
export interface CacheBill {
  readonly workers: readonly BilledWorker[];
  readonly entries: number | null;
  readonly retainedBytes: number | null;
  /** At most: it counts every entry as asked for again. */
  readonly reloadSeconds: number | null;
  /** Sentences: what is not known, and why. */
  readonly because: readonly string[];
}

/** broken: it was taken back. held: every limit was kept. not-judged: too little happened to say so; it stays. */
export const GUARD_VERDICTS = ["held", "broken", "not-judged"] as const;

/** What the guard of a canary has seen. */
export interface GuardReport {
  readonly verdict: (typeof GUARD_VERDICTS)[number];
  readonly because: string;
  readonly watchedSeconds: number;
  readonly calls: number;
  readonly loads: number;
  /** The command of the audit log that took it back; null when none did. */
  readonly rollBack: string | null;
}

export interface CacheCommandReport {
  readonly schema: "deadweight/cache-command@1";
  readonly action: CacheAction;
  readonly app: string;
  readonly selector: string;
  /** Part of the keys; 1 for all. */
  readonly share: number;
  /** What was set, as the end of a sentence: "keeps at most 500 entries now"; null for a clear. */
  readonly setting: string | null;
  /** For a dry run; null otherwise. */
  readonly bill: CacheBill | null;
  /** Of a canary with a guard; null otherwise. */
  readonly guard: GuardReport | null;
  /** Part of the processes; 1 for all. */
  readonly workerShare: number;
  /** Hash over what was, or would be, done. */
  readonly plan: string;
  /** Names the command in the audit log; null for a dry run. */
  readonly op: string | null;
  /** Null for a dry run. */
  readonly outcome: CacheOutcome | null;
  readonly receipts: readonly Receipt[];
  /** Words that could not be put back by an undo, since they were cleared again. */
  readonly lostSlots: number;
  /** `caches undo` can take it back. */
  readonly canUndo: boolean;
  /** From the first write of a token to the last receipt. */
  readonly tookMs: number;
  /** Of the concerned caches, from the change before this one to this one; null: nobody called, or it is not counted. */
  readonly hitsBefore: HitRatio | null;
  /** While it was watched afterwards; null: it was not, or nobody called. */
  readonly hitsAfter: HitRatio | null;
  /** Hash of the last line of the audit log, to be kept elsewhere; null for a dry run, or when the disk refused the result. */
  readonly head: string | null;
  readonly auditFile: string | null;
}

/** One command of the audit log. */
export interface CacheHistoryEntry {
  readonly op: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly action: CacheAction;
  readonly selector: string;
  readonly share: number;
  /** What was set, in words; null for a clear. */
  readonly setting: string | null;
  readonly reason: string;
  /** "ann (uid 1000) on web-3". */
  readonly by: string;
  /** Null: no result was written; it was interrupted. */
  readonly outcome: CacheOutcome | null;
  readonly applied: number;
  readonly missing: number;
  readonly tookMs: number | null;
  /** Of the concerned caches, from the change before it to it; null: nobody called, or it is not counted. */
  readonly hitsBefore: HitRatio | null;
  /** While it was watched afterwards, or until the next command about the same; null: neither was counted. */
  readonly hitsAfter: HitRatio | null;
}

export interface CacheHistory {
  readonly schema: "deadweight/cache-history@1";
  readonly app: string;
  readonly auditFile: string;
  /** Oldest first. */
  readonly commands: readonly CacheHistoryEntry[];
  readonly lines: number;
  /** Hash of the last line: printed, and kept elsewhere, it shows that the end was not cut off. */
  readonly head: string | null;
  /** The first line that cannot be trusted; null when all can. */
  readonly fault: { readonly line: number; readonly because: string } | null;
}
