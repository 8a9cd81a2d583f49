// The schema of `deadweight gc --json`; docs/schema holds it as a file.

import type {
  CollectedProcess,
  CollectorAdvice,
  CollectorReport,
  GenerationActivity,
  MemorySharing,
} from "../../model/collector-report.ts";
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
  text,
  truth,
  word,
} from "./schema-language.ts";

const GENERATION: Schema<GenerationActivity> = record<GenerationActivity>({
  generation: field("0 is the youngest.", count()),
  collections: field("Collections meanwhile.", count()),
  collected: field("Objects that they freed.", count()),
  uncollectable: field("Objects that they could not free.", count()),
  pauseMs: field("How long the program stood still for them, in all.", amount()),
  longestPauseMs: field("The longest of them.", amount()),
});

const SHARING: Schema<MemorySharing> = record<MemorySharing>({
  residentBytes: field("Resident memory.", count()),
  proportionalBytes: field("Resident memory with shared pages in parts (PSS).", count()),
  privateDirtyBytes: field("Pages that only this process has, written to.", count()),
  sharedBytes: field("Pages that other processes have mapped, too.", count()),
});

const PROCESS: Schema<CollectedProcess> = record<CollectedProcess>({
  pid: field("Process id.", count()),
  parentPid: field("Its parent when it connected.", count()),
  python: field("Version of the interpreter.", text()),
  command: field("Command line, without secrets.", list(text())),
  enabled: field("Whether the collector is on.", truth()),
  thresholds: field("gc.get_threshold().", list(count())),
  frozen: field("Objects that gc.freeze has put aside.", count()),
  garbage: field("Entries of gc.garbage.", count()),
  generations: field("Collections by generation, youngest first; none for one that had none.", list(GENERATION)),
  dropped: field("Collections that were not recorded in time.", count()),
  before: field("Memory at the beginning; null where the kernel does not say.", nullable(SHARING)),
  after: field("Memory at the end.", nullable(SHARING)),
  unsharedBytes: field("Shared before, private now; null for what is no fork of one of them.", nullable(count())),
  lost: field("Why there are no figures of the end, in words; null when there are.", nullable(text())),
});

const ADVICE: Schema<CollectorAdvice> = record<CollectorAdvice>({
  about: field(
    "Which kind of advice.",
    oneOf<CollectorAdvice["about"]>(["freeze", "disabled", "uncollectable", "pauses"]),
  ),
  text: field("The advice with its figures, in words.", text()),
});

export const COLLECTOR_SCHEMA: JsonSchema = schemaDocument<CollectorReport>(
  "gc",
  "What the garbage collector did in a process and its workers.",
  record<CollectorReport>({
    schema: field("Name and version of this schema.", word("deadweight/gc@1")),
    pid: field("The process that was named.", count()),
    seconds: field("How long they were watched.", amount()),
    isForced: field("Whether each was asked for a full collection.", truth()),
    processes: field("The process and its descendants that have the probe, by pid.", list(PROCESS)),
    advice: field("What to do; empty when nothing is.", list(ADVICE)),
  }),
);
