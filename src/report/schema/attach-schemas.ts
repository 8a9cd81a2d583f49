// The schemas of `deadweight attach --json` and `detach --json`; docs/schema holds them as files.

import type { AttachReport, DetachReport } from "../../model/attach-report.ts";
import { PROBED_PROCESS } from "./run-schema.ts";
import {
  amount,
  count,
  field,
  type JsonSchema,
  list,
  oneOf,
  record,
  schemaDocument,
  text,
  word,
} from "./schema-language.ts";

const PAUSE = "Milliseconds that the process stood still for the call to be written.";

export const ATTACH_SCHEMA: JsonSchema = schemaDocument<AttachReport>(
  "attach",
  "A running process that had the probe for a while.",
  record<AttachReport>({
    schema: field("Name and version of this schema.", word("deadweight/attach@1")),
    pid: field("The process.", count()),
    python: field("Version of the interpreter.", text()),
    pauseMs: field(PAUSE, amount()),
    seconds: field("How long the probe was in it.", amount()),
    ended: field(
      "asked: by this tool, and the probe has left. closed: the process ended, or somebody else took the probe out.",
      oneOf<AttachReport["ended"]>(["asked", "closed"]),
    ),
    processes: field("The process itself, then what it forked.", list(PROBED_PROCESS)),
    refused: field("Connections that were turned away, in sentences.", list(text())),
  }),
);

export const DETACH_SCHEMA: JsonSchema = schemaDocument<DetachReport>(
  "detach",
  "A process whose probe was taken out.",
  record<DetachReport>({
    schema: field("Name and version of this schema.", word("deadweight/detach@1")),
    pid: field("The process.", count()),
    pauseMs: field(PAUSE, amount()),
  }),
);
