// The schema of `deadweight export --json`; docs/schema holds it as a file.

import { type ExportReport, HEAP_FORMAT_NAMES } from "../../model/export-report.ts";
import { count, field, type JsonSchema, list, oneOf, record, schemaDocument, text, word } from "./schema-language.ts";

export const EXPORT_SCHEMA: JsonSchema = schemaDocument<ExportReport>(
  "export",
  "A heap written in the format of another viewer.",
  record<ExportReport>({
    schema: field("Name and version of this schema.", word("deadweight/export@1")),
    format: field("What was written.", oneOf<ExportReport["format"]>([...HEAP_FORMAT_NAMES])),
    file: field("Where it is; - for standard output.", text()),
    fileBytes: field("Size of the file.", count()),
    nodes: field("Objects of the heap it was made from.", count()),
    opensIn: field("What opens it, in words.", text()),
    warnings: field("What to know about the heap.", list(text())),
  }),
);
