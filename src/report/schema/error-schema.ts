// The schema of what every command prints with `--json` when it could not do it.

import type { ErrorReport } from "../../model/error-report.ts";
import { field, record, type Schema, text, word } from "./schema-language.ts";

export const ERROR: Schema<ErrorReport> = record<ErrorReport>({
  schema: field("Name and version of this schema.", word("deadweight/error@1")),
  error: field(
    "Why it could not be done.",
    record<ErrorReport["error"]>({
      code: field("Short and stable, for programs: no-such-process, usage, internal-error and others.", text()),
      message: field("For people: what was seen, why it matters, what to do next.", text()),
    }),
  ),
});
