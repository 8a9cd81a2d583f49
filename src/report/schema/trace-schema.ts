// The schema of `deadweight trace --json`; docs/schema holds it as a file.

import type { TracedFrame, TracedHolder, TracedLine, TraceReport } from "../../model/trace-report.ts";
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

const FRAME = {
  file: field("Source file, as the process knows it.", text()),
  line: field("Line number.", count()),
};
const SOURCE = field("The line's text; null where the file cannot be read.", nullable(text()));

const LINE: Schema<TracedLine> = record<TracedLine>({
  ...FRAME,
  source: SOURCE,
  blocks: field("Blocks of memory allocated in the window and still alive.", count()),
  bytes: field("Bytes of them.", count()),
  grownBlocks: field("The same without what it was in the middle of the window.", change()),
  grownBytes: field("Bytes of them.", change()),
});

type HolderLine = TracedHolder["lines"][number];

const HOLDER_LINE: Schema<HolderLine> = record<TracedFrame & HolderLine>({
  ...FRAME,
  source: SOURCE,
  objects: field("Objects that it allocated and that the place keeps.", count()),
  bytes: field("Bytes of them, without what they refer to.", count()),
});

const HOLDER: Schema<TracedHolder> = record<TracedHolder>({
  path: field("The place, as package.module.NAME.", text()),
  lines: field("What it gained in the window, by the line that allocated it.", list(HOLDER_LINE)),
  objects: field("Objects that it keeps and that were looked at.", count()),
  untraced: field("Those among them that were there before the window.", count()),
  isComplete: field("Whether all that it keeps was looked at.", truth()),
  problem: field("Why there are no lines; null when it was looked at.", nullable(text())),
});

export const TRACE_SCHEMA: JsonSchema = schemaDocument<TraceReport>(
  "trace",
  "Which lines allocated what is still alive, in a window on a running process.",
  record<TraceReport>({
    schema: field("Name and version of this schema.", word("deadweight/trace@1")),
    pid: field("The process.", count()),
    python: field("Version of the interpreter.", text()),
    seconds: field("How long allocations were traced.", amount()),
    frames: field("Frames of a stack that were kept at most.", count()),
    ended: field(
      "asked: by its time or Ctrl-C. budget: too many traces. time: the probe's own limit. program: the program stopped tracemalloc.",
      oneOf<TraceReport["ended"]>(["asked", "budget", "time", "program"]),
    ),
    middleSeconds: field("When the middle was taken; null when there was none.", nullable(amount())),
    blocks: field("Blocks allocated in the window and still alive.", count()),
    bytes: field("Bytes of them.", count()),
    peakBytes: field("Most that was alive at once.", count()),
    countMs: field("Longest time the process waited for its traces to be copied.", amount()),
    stopMs: field("Time it waited for them to be forgotten.", amount()),
    lines: field("Largest first.", list(LINE)),
    rest: field(
      "What the lines leave out.",
      record<TraceReport["rest"]>({
        lines: field("Lines.", count()),
        blocks: field("Blocks.", count()),
        bytes: field("Bytes.", count()),
      }),
    ),
    holders: field("Places that grew; null when they were not asked for.", nullable(list(HOLDER))),
  }),
);
