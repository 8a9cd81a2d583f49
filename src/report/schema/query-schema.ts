// The schema of `deadweight query --json`; docs/schema holds it as a file.

import type { QueryGroup, QueryReport, QueryRow } from "../../model/query-report.ts";
import {
  addressText,
  count,
  field,
  type JsonSchema,
  list,
  nullable,
  record,
  type Schema,
  schemaDocument,
  text,
  word,
} from "./schema-language.ts";

const OWN = field("Bytes of the objects themselves.", count());
const HELD = field("Bytes that would be freed with it, and those of shared objects that count for it.", count());

const ROW: Schema<QueryRow> = record<QueryRow>({
  path: field("The shortest way to it, in words.", text()),
  type: field("Type name.", text()),
  address: field("Where it lies; a selector for `why`.", addressText()),
  entries: field("Elements; null for what is no container.", nullable(count())),
  shallowBytes: OWN,
  retainedBytes: field("Bytes that would be freed with it.", count()),
  heldBytes: HELD,
  referrers: field("References to it from other objects.", count()),
  text: field("Its text; null where the snapshot has none.", nullable(text())),
});

const GROUP: Schema<QueryGroup> = record<QueryGroup>({
  name: field("What they have in common.", text()),
  count: field("Objects.", count()),
  shallowBytes: OWN,
  heldBytes: field("Sum of what they hold; objects within objects of the group count twice.", count()),
});

export const QUERY_SCHEMA: JsonSchema = schemaDocument<QueryReport>(
  "query",
  "Objects of a heap for which some conditions hold.",
  record<QueryReport>({
    schema: field("Name and version of this schema.", word("deadweight/query@1")),
    query: field("The query.", text()),
    python: field("Version of the interpreter.", text()),
    pid: field("The process; null where the snapshot does not say.", nullable(count())),
    matched: field("Objects for which the conditions hold.", count()),
    shallowBytes: OWN,
    retainedBytes: field("Bytes that would be freed if all of them went away.", count()),
    rows: field("As many as the query asks for, in its order; empty when it groups.", list(ROW)),
    groups: field("Null when the query does not group.", nullable(list(GROUP))),
    warnings: field("Sentences that a reader of the report must know.", list(text())),
  }),
);
