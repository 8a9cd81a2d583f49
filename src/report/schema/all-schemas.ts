// Every schema of docs/schema, by command.

import { ALLOCATION_LINES_SCHEMA } from "./allocation-lines-schema.ts";
import { CACHE_ADVICE_SCHEMA } from "./cache-advice-schema.ts";
import { CACHE_COMMAND_SCHEMA, CACHE_HISTORY_SCHEMA } from "./cache-command-schema.ts";
import { CACHES_SCHEMA } from "./caches-schema.ts";
import { ATTACH_SCHEMA, DETACH_SCHEMA } from "./attach-schemas.ts";
import { COLLECTOR_SCHEMA } from "./collector-schema.ts";
import { DIAGNOSIS_SCHEMA } from "./diagnosis-schema.ts";
import { EXPORT_SCHEMA } from "./export-schema.ts";
import { EXPLAIN_SCHEMA } from "./explain-schema.ts";
import { HEAP_SCHEMAS } from "./heap-schemas.ts";
import { QUERY_SCHEMA } from "./query-schema.ts";
import { RUN_SCHEMA } from "./run-schema.ts";
import { LINES_SCHEMA } from "./lines-schema.ts";
import { SCAN_SCHEMA } from "./scan-schema.ts";
import { SERVING_SCHEMA } from "./serving-schema.ts";
import type { JsonSchema } from "./schema-language.ts";
import { TRACE_SCHEMA } from "./trace-schema.ts";
import { VERIFICATION_SCHEMA } from "./verification-schema.ts";
import { WATCH_SCHEMA } from "./watch-schema.ts";

export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  ...HEAP_SCHEMAS,
  query: QUERY_SCHEMA,
  scan: SCAN_SCHEMA,
  export: EXPORT_SCHEMA,
  explain: EXPLAIN_SCHEMA,
  diagnose: DIAGNOSIS_SCHEMA,
  caches: CACHES_SCHEMA,
  "caches-advise": CACHE_ADVICE_SCHEMA,
  "caches-clear": CACHE_COMMAND_SCHEMA,
  "caches-history": CACHE_HISTORY_SCHEMA,
  verify: VERIFICATION_SCHEMA,
  watch: WATCH_SCHEMA,
  lines: LINES_SCHEMA,
  "lines-file": ALLOCATION_LINES_SCHEMA,
  run: RUN_SCHEMA,
  attach: ATTACH_SCHEMA,
  detach: DETACH_SCHEMA,
  trace: TRACE_SCHEMA,
  serve: SERVING_SCHEMA,
  gc: COLLECTOR_SCHEMA,
};
