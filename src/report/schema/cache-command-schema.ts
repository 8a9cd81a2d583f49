// The schemas of `deadweight caches clear|undo --json` and of `caches history --json`; docs/schema holds them as files.

import {
  type BilledWorker,
  CACHE_ACTIONS,
  CACHE_OUTCOMES,
  type CacheBill,
  type CacheCommandReport,
  type CacheHistory,
  type CacheHistoryEntry,
  GUARD_VERDICTS,
  type GuardReport,
  type HitRatio,
  type Receipt,
  RECEIPT_STATES,
} from "../../model/cache-command.ts";
import {
  amount,
  count,
  field,
  type JsonSchema,
  list,
  nullable,
  oneOf,
  record,
  type Schema,
  schemaDocument,
  share,
  text,
  truth,
  word,
} from "./schema-language.ts";

const RECEIPT: Schema<Receipt> = record<Receipt>({
  pid: field("Process.", count()),
  startTicks: field("When it started, in clock ticks since boot: with it a pid names one process for ever.", count()),
  state: field(
    "applied: it reads the table that was written, or has obeyed. armed: it obeys at its next call. ended: it is dead. lapsed: it is cut off or dead, and answers with nothing that it keeps. missing: it lives and was not seen to read it.",
    oneOf(RECEIPT_STATES),
  ),
  because: field("What was seen.", text()),
});

const HITS: Schema<HitRatio> = record<HitRatio>({
  hits: field("Calls that were answered by an entry.", count()),
  calls: field("Hits and loads.", count()),
  seconds: field("Length of the window; null: since the counters began.", nullable(amount())),
});

const BILLED: Schema<BilledWorker> = record<BilledWorker>({
  pid: field("Process.", count()),
  entries: field("Entries that would go.", count()),
  retainedBytes: field("What they keep; null: it could not be read.", nullable(count())),
  reloadSeconds: field("To load all of them again; null: no load was measured.", nullable(amount())),
});

const BILL: Schema<CacheBill> = record<CacheBill>({
  workers: field("One for each process.", list(BILLED)),
  entries: field("Entries that would go; null: not known.", nullable(count())),
  retainedBytes: field("What they keep; null: a part of it is not known.", nullable(count())),
  reloadSeconds: field("At most: every entry counts as asked for again. Null: not known.", nullable(amount())),
  because: field("Sentences: what is not known, and why.", list(text())),
});

const GUARD: Schema<GuardReport> = record<GuardReport>({
  verdict: field(
    "held: every limit was kept. broken: it was taken back. not-judged: too little happened to say so; it stays.",
    oneOf(GUARD_VERDICTS),
  ),
  because: field("What was seen.", text()),
  watchedSeconds: field("How long it was watched.", amount()),
  calls: field("Calls of the concerned caches meanwhile.", count()),
  loads: field("Those of them that loaded.", count()),
  rollBack: field("The command of the audit log that took it back.", nullable(text())),
});

export const CACHE_COMMAND_SCHEMA: JsonSchema = schemaDocument<CacheCommandReport>(
  "caches clear",
  "What was done to caches, and which processes have it.",
  record<CacheCommandReport>({
    schema: field("Name and version of this schema.", word("deadweight/cache-command@1")),
    action: field("What was done.", oneOf(CACHE_ACTIONS)),
    app: field("The application.", text()),
    selector: field("To which of its caches.", text()),
    share: field("To which part of the keys; 1 for all.", share()),
    setting: field("What was set, in words; null for a clear.", nullable(text())),
    bill: field("For a dry run; null otherwise.", nullable(BILL)),
    guard: field("Of a canary with a guard; null otherwise.", nullable(GUARD)),
    workerShare: field("To which part of the processes; 1 for all.", share()),
    plan: field("Hash over what was, or would be, done.", text()),
    op: field("Names the command in the audit log; null for a dry run.", nullable(text())),
    outcome: field(
      "complete: every process that lives has it. partial: see the receipts. undone: complete, for an undo. Null for a dry run.",
      nullable(oneOf(CACHE_OUTCOMES)),
    ),
    receipts: field("One for each process that has joined and lives.", list(RECEIPT)),
    lostSlots: field("Words that an undo could not put back, since they were cleared again.", count()),
    canUndo: field("`caches undo` can take it back.", truth()),
    tookMs: field("From the first write to the last receipt.", amount()),
    hitsBefore: field(
      "Of the concerned caches, from the change before this one to this one; null: nobody called, or it is not counted.",
      nullable(HITS),
    ),
    hitsAfter: field("While it was watched afterwards; null: it was not, or nobody called.", nullable(HITS)),
    head: field("Hash of the last line of the audit log, to be kept elsewhere.", nullable(text())),
    auditFile: field("The audit log; null for a dry run.", nullable(text())),
  }),
);

const COMMAND: Schema<CacheHistoryEntry> = record<CacheHistoryEntry>({
  op: field("Names the command.", text()),
  at: field("When, ISO 8601, UTC.", text()),
  action: field("What was done.", oneOf(CACHE_ACTIONS)),
  selector: field("To which caches.", text()),
  share: field("To which part of the keys; 1 for all.", share()),
  setting: field("What was set, in words; null for a clear.", nullable(text())),
  reason: field("Why, as given.", text()),
  by: field("Who: user, uid, host.", text()),
  outcome: field("Null: no result was written, so it was interrupted.", nullable(oneOf(CACHE_OUTCOMES))),
  applied: field("Processes that have it.", count()),
  missing: field("Processes that lived and were not seen to have it.", count()),
  tookMs: field("From the first write to the last receipt.", nullable(amount())),
  hitsBefore: field(
    "Of the concerned caches, from the change before it to it; null: nobody called, or it is not counted.",
    nullable(HITS),
  ),
  hitsAfter: field(
    "While it was watched afterwards, or until the next command about the same; null: neither was counted.",
    nullable(HITS),
  ),
});

export const CACHE_HISTORY_SCHEMA: JsonSchema = schemaDocument<CacheHistory>(
  "caches history",
  "The audit log of an application, put together by command.",
  record<CacheHistory>({
    schema: field("Name and version of this schema.", word("deadweight/cache-history@1")),
    app: field("The application.", text()),
    auditFile: field("The log.", text()),
    commands: field("Oldest first.", list(COMMAND)),
    lines: field("Lines of the log.", count()),
    head: field("Hash of the last line: kept elsewhere, it shows that the end was not cut off.", nullable(text())),
    fault: field(
      "The first line that cannot be trusted; null when all can.",
      nullable(
        record<NonNullable<CacheHistory["fault"]>>({
          line: field("Line of the file, from 1.", count()),
          because: field("What is wrong with it.", text()),
        }),
      ),
    ),
  }),
);
