// The schema of `deadweight serve --json`; docs/schema holds it as a file.

import type { ServingReport } from "../../model/serving-report.ts";
import { field, type JsonSchema, record, schemaDocument, text, word } from "./schema-language.ts";

export const SERVING_SCHEMA: JsonSchema = schemaDocument<ServingReport>(
  "serve",
  "Where the page and the API are.",
  record<ServingReport>({
    schema: field("Name and version of this schema.", word("deadweight/serving@1")),
    address: field("Of the page; the API lies under `/api/`.", text()),
    visit: field("For the first visit of a browser: with the token behind the #.", text()),
    token: field("For programs: send it as `Authorization: Bearer TOKEN`.", text()),
  }),
);
