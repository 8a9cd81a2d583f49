// The schema of `deadweight run --json`; docs/schema holds it as a file.

import type { ProbedProcess, ProbeStatistics, RunReport } from "../../model/run-report.ts";
import {
  amount,
  change,
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

const STATISTICS: Schema<ProbeStatistics> = record<ProbeStatistics>({
  collectorEnabled: field("Whether the garbage collector is on.", truth()),
  collections: field("Collections so far, youngest generation first.", list(count())),
  collected: field("Objects that they freed.", count()),
  uncollectable: field("Objects that they could not free.", count()),
  frozen: field("Objects that gc.freeze has put aside.", count()),
  threads: field("Threads that run Python code.", count()),
  allocatedBlocks: field("Blocks of Python's allocator in use; null where it does not count.", nullable(count())),
});

/** A process that the probe was loaded into. */
export const PROBED_PROCESS: Schema<ProbedProcess> = record<ProbedProcess>({
  pid: field("Process id.", count()),
  parentPid: field("Its parent when it connected.", count()),
  python: field("Version of the interpreter.", text()),
  command: field("Command line, without secrets.", list(text())),
  role: field("helper: started by multiprocessing for itself.", oneOf<ProbedProcess["role"]>(["program", "helper"])),
  connectedAfterMs: field("From the start of the program to the probe's first word.", amount()),
  endedAfterMs: field("The same to its end; null while it still runs.", nullable(amount())),
  requests: field("Questions it was asked.", count()),
  unanswered: field("Questions without an answer in time.", count()),
  last: field("What it said last; null when it ended first.", nullable(STATISTICS)),
});

export const RUN_SCHEMA: JsonSchema = schemaDocument<RunReport>(
  "run",
  "A program that was started with the probe loaded.",
  record<RunReport>({
    schema: field("Name and version of this schema.", word("deadweight/run@1")),
    command: field("What was started, without secrets.", list(text())),
    exitCode: field("Null when a signal ended it.", nullable(change())),
    signal: field("Null when it ended by itself.", nullable(text())),
    seconds: field("How long it ran.", amount()),
    processes: field("Python processes with the probe, in order of connection.", list(PROBED_PROCESS)),
    refused: field("Connections that were turned away, in sentences.", list(text())),
  }),
);
