// The schema of `deadweight lines FILE --json` for a file of memray or tracemalloc.

import type { AllocationLine, AllocationLinesReport } from "../../model/allocation-lines-report.ts";
import {
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

const LINE: Schema<AllocationLine> = record<AllocationLine>({
  file: field("Source file, as the tool wrote it.", text()),
  line: field("Line number; 0 where the tool knows none.", count()),
  function: field("Function; null where the file does not say.", nullable(text())),
  bytes: field("Bytes allocated there; null where the file does not say.", nullable(count())),
  blocks: field("Blocks allocated there; null where the file does not say.", nullable(count())),
});

const REST: Schema<AllocationLinesReport["rest"]> = record<AllocationLinesReport["rest"]>({
  lines: field("Lines.", count()),
  bytes: field("Their bytes.", count()),
  blocks: field("Their blocks.", count()),
});

export const ALLOCATION_LINES_SCHEMA: JsonSchema = schemaDocument<AllocationLinesReport>(
  "lines FILE",
  "Where memory was allocated, by line, out of a file of memray or tracemalloc.",
  record<AllocationLinesReport>({
    schema: field("Name and version of this schema.", word("deadweight/allocation-lines@1")),
    tool: field("The tool that measured.", oneOf(["tracemalloc", "memray"])),
    file: field("The file that was read.", text()),
    kept: field(
      "alive: what was there when the file was written. peak-or-left: at the peak or left at the end. all: freed or not.",
      oneOf(["alive", "peak-or-left", "all"]),
    ),
    bytes: field("Bytes of all lines.", count()),
    blocks: field("Blocks of all lines.", count()),
    lines: field("Largest first, up to a thousand.", list(LINE)),
    rest: field("Lines that are known and not listed.", REST),
    isComplete: field("False: the file names the largest lines only.", truth()),
    warnings: field("What a reader must know.", list(text())),
  }),
);
