// The schema of `deadweight explain --json`; docs/schema holds it as a file.

import type { ExplainReport, PageSection, Topic } from "../../model/explanation.ts";
import {
  field,
  type JsonSchema,
  list,
  nullable,
  oneOf,
  record,
  type Schema,
  schemaDocument,
  text,
  word,
} from "./schema-language.ts";

const SECTION: Schema<PageSection> = record<PageSection>({
  title: field("Heading; empty for what stands before the first one.", text()),
  text: field("Markdown.", text()),
});

const TOPIC: Schema<Topic> = record<Topic>({
  id: field("L7, DW101, fragmentation.", text()),
  kind: field(
    "cause: why memory is held. verdict: growth that is no leak. rule: what scan finds.",
    oneOf(["cause", "verdict", "rule"]),
  ),
  name: field("In words.", text()),
  summary: field("One paragraph, Markdown.", text()),
  cause: field("Cause that it belongs to.", nullable(text())),
  rules: field("Codes of the rules that find it in source.", list(text())),
  knownLeaks: field("Known leaks of libraries with this cause: ids in data/known-leaks.json.", list(text())),
  sections: field("The page; empty in the list.", list(SECTION)),
});

export const EXPLAIN_SCHEMA: JsonSchema = schemaDocument<ExplainReport>(
  "explain",
  "What a cause, a verdict or a rule means.",
  record<ExplainReport>({
    schema: field("Name and version of this schema.", word("deadweight/explain@1")),
    topics: field("The one asked for, or the list of all causes and verdicts.", list(TOPIC)),
  }),
);
