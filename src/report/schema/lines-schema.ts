// The schema of `deadweight lines --json`; docs/schema holds it as a file.

import type { FunctionMemory, LineMemory, LinesReport } from "../../model/lines-report.ts";
import {
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

const LINE: Schema<LineMemory> = record<LineMemory>({
  line: field("Line number.", count()),
  memoryBytes: field("Most memory of the process seen after this line; null when it never ran.", nullable(count())),
  incrementBytes: field("Net growth while it ran, all runs together; null when it never ran.", nullable(change())),
  estimatedBytes: field(
    "Part of the increment that is shared out between lines that were not watched at that moment.",
    change(),
  ),
  occurrences: field("How often it ran; a least number when isLeast.", count()),
  isLeast: field("It ran more often than occurrences.", truth()),
  source: field("Text of the line.", text()),
});

const FUNCTION: Schema<FunctionMemory> = record<FunctionMemory>({
  module: field("Module of the function.", text()),
  function: field("Qualified name.", text()),
  file: field("Source file.", text()),
  firstLine: field("Line of def or of the first decorator.", count()),
  calls: field("Calls.", count()),
  measuredCalls: field("Calls whose growth is in the increments.", count()),
  raised: field("Calls that an exception ended; counted on Python 3.12 and later.", count()),
  suspensions: field("Times a generator or coroutine was suspended; growth meanwhile is not counted.", count()),
  isRecursive: field("It called itself; growth counts once, in the innermost call.", truth()),
  sharesMemoryWithThreads: field("Another thread ran a chosen function at the same time.", truth()),
  startBytes: field("Memory of the process at the first call.", count()),
  peakBytes: field("Most memory of the process seen in the function.", count()),
  totalBytes: field("Net growth while the function ran.", change()),
  unplaced: field(
    "Growth that could not be given to one line.",
    nullable(
      record<NonNullable<FunctionMemory["unplaced"]>>({
        bytes: field("Net growth.", change()),
        lines: field("The lines one of which it is.", list(count())),
      }),
    ),
  ),
  lines: field("Every line of the function, in order.", list(LINE)),
});

export const LINES_SCHEMA: JsonSchema = schemaDocument<LinesReport>(
  "lines",
  "Memory of functions, line by line.",
  record<LinesReport>({
    schema: field("Name and version of this schema.", word("deadweight/lines@1")),
    python: field("Version of the interpreter.", text()),
    script: field("The script that ran.", text()),
    method: field("How lines were watched.", oneOf(["sys.monitoring", "sys.settrace"])),
    source: field("Where the memory of the process was read.", text()),
    resolutionBytes: field("Smallest change that can be seen.", count()),
    seesReleases: field("False where the system tells the peak only.", truth()),
    functions: field("Chosen functions that ran.", list(FUNCTION)),
    exitCode: field("Exit code of the script; 128 + the number of the signal that ended it.", count()),
  }),
);
