// The schemas of `deadweight caches clear|undo --json` and of `caches history --json`; docs/schema holds them as files.

import {
  CACHE_ACTIONS,
  CACHE_OUTCOMES,
  type CacheCommandReport,
  type CacheHistory,
  type CacheHistoryEntry,
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
    "applied: it reads the table that was written, or has obeyed. armed: it obeys at its next call. ended: it is dead. missing: it lives and was not seen to read it.",
    oneOf(RECEIPT_STATES),
  ),
  because: field("What was seen.", text()),
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
