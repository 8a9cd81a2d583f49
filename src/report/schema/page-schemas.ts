// The schemas of what the page is told beside the reports of commands.

import type { NodeIx } from "../../base/brand.ts";
import {
  JOB_KINDS,
  type GovernedApp,
  type GovernedApps,
  type HeapSummary,
  type Job,
  type JobList,
  type Neighbour,
  type NeighbourEdge,
  type NeighbourhoodReport,
  type ProcessList,
  type ProcessRow,
  type RetentionReport,
  type RetentionRow,
  type SnapshotList,
  type SnapshotRow,
  type SourceExcerpt,
  type ValueEntry,
  type ValueReport,
} from "../../model/page-reports.ts";
import type { ProgressStep } from "../../model/progress.ts";
import {
  addressText,
  count,
  field,
  type JsonSchema,
  list,
  nullable,
  oneOf,
  part,
  record,
  type Schema,
  schemaDocument,
  share,
  text,
  truth,
  word,
} from "./schema-language.ts";

const MILLISECONDS = "Milliseconds since 1970.";

const PROCESSES = record<ProcessList>({
  schema: field("Name and version of this schema.", word("deadweight/processes@1")),
  processes: field(
    "The largest first.",
    list(
      record<ProcessRow>({
        pid: field("Its process id.", count()),
        parentPid: field("Of the process that started it.", count()),
        command: field("Its arguments; passwords and tokens are blanked.", list(text())),
        privateBytes: field("Resident memory that is its own.", count()),
      }),
    ),
  ),
});

export const SNAPSHOT_ROW: Schema<SnapshotRow> = record<SnapshotRow>({
  id: field("Names it in the other routes.", text()),
  name: field("Name of the file.", text()),
  fileBytes: field("Size of the file.", count()),
  writtenAtMs: field(`When the file was written. ${MILLISECONDS}`, count()),
});

const SNAPSHOTS = record<SnapshotList>({
  schema: field("Name and version of this schema.", word("deadweight/snapshots@1")),
  snapshots: field("The newest first.", list(SNAPSHOT_ROW)),
});

const HEAP = record<HeapSummary>({
  schema: field("Name and version of this schema.", word("deadweight/heap@1")),
  python: field("Version of the interpreter.", text()),
  pid: field("The process; null where the file does not say.", nullable(count())),
  takenAtMs: field(`When the heap was read. ${MILLISECONDS}`, count()),
  nodes: field("Objects.", count()),
  edges: field("References.", count()),
  liveBytes: field("Bytes of all objects.", count()),
  exactness: field(
    "Share of objects whose reference count is what the graph explains; null where no counts are known.",
    nullable(share()),
  ),
  isRedacted: field("Whether texts and keys beyond names are held back.", truth()),
  warnings: field("Sentences that a reader must know.", list(text())),
});

const RETENTION_ROW: Schema<RetentionRow> = part(
  "row",
  record<RetentionRow>({
    label: field("Name of the place, or of the type that was put together.", text()),
    file: field("Where the name stands in the source; null where the heap does not know.", nullable(text())),
    line: field("Its line.", nullable(count())),
    address: field("Where the object of that name lies; null for what was put together.", nullable(addressText())),
    ownBytes: field("Bytes of the objects of this row alone.", count()),
    ownCount: field("Objects of this row alone.", count()),
    retainedBytes: field("With all rows below.", count()),
    below: field("The largest first.", list({ json: { $ref: "#/$defs/row" }, parts: {} })),
  }),
);

const RETENTION = record<RetentionReport>({
  schema: field("Name and version of this schema.", word("deadweight/retention@1")),
  liveBytes: field("Bytes of all objects.", count()),
  root: field("The whole heap.", RETENTION_ROW),
});

const SOURCE = record<SourceExcerpt>({
  schema: field("Name and version of this schema.", word("deadweight/source@1")),
  file: field("As the process calls it; null where nothing says.", nullable(text())),
  line: field("The line that is meant; null where only the file is known.", nullable(count())),
  lines: field(
    "Lines around it, in order.",
    list(
      record<SourceExcerpt["lines"][number]>({
        line: field("Line number.", count()),
        text: field("Its text; what looks like a secret is blanked.", text()),
      }),
    ),
  ),
  remark: field("Why there are no lines, or what is to be known of them.", nullable(text())),
});

const VALUE = record<ValueReport>({
  schema: field("Name and version of this schema.", word("deadweight/value@1")),
  type: field("Type of the object.", text()),
  isRedacted: field("Texts are held back: the server was started without --values.", truth()),
  text: field("Of a string or number; null where it has none or it was not kept.", nullable(text())),
  entries: field(
    "What it holds, in its own order.",
    list(
      record<ValueEntry>({
        edge: field("Through which place.", text()),
        type: field("Type of what is there.", text()),
        text: field("Its text; null where it has none or it was not kept.", nullable(text())),
        address: field("Where it lies; a selector.", addressText()),
      }),
    ),
  ),
  hidden: field("Entries beyond those.", count()),
});

const APPS = record<GovernedApps>({
  schema: field("Name and version of this schema.", word("deadweight/apps@1")),
  apps: field(
    "By name.",
    list(
      record<GovernedApp>({
        app: field("Its name.", text()),
        selectors: field("What a command may name.", list(text())),
      }),
    ),
  ),
});

const NODE: Schema<NodeIx> = { json: { type: "integer", minimum: 0 }, parts: {} };

const NEIGHBOURHOOD = record<NeighbourhoodReport>({
  schema: field("Name and version of this schema.", word("deadweight/neighbourhood@1")),
  nodes: field(
    "The objects that are shown.",
    list(
      record<Neighbour>({
        node: field("Names the object in `edges`.", NODE),
        type: field("Type name.", text()),
        address: field("Where it lies; a selector.", addressText()),
        entries: field("Elements; null for what is no container.", nullable(count())),
        shallowBytes: field("Bytes of the object itself.", count()),
        heldBytes: field("Bytes that go with it, and those of shared objects that count for it.", count()),
        name: field("The path of a subject, and of the root that it hangs on.", nullable(text())),
        isSubject: field("Whether it is one that was asked about.", truth()),
        hiddenTargets: field("Objects it refers to that are not shown.", count()),
        hiddenReferrers: field("Objects that refer to it and are not shown; null: not counted.", nullable(count())),
      }),
    ),
  ),
  edges: field(
    "References between them.",
    list(
      record<NeighbourEdge>({
        from: field("Who refers.", NODE),
        to: field("To what.", NODE),
        label: field("By which name or place.", text()),
        isPath: field("Whether it is on the shortest way from a root to a subject.", truth()),
      }),
    ),
  ),
  matched: field("Objects that were asked about; the largest are shown.", count()),
});

const PROGRESS: Schema<ProgressStep> = record<ProgressStep>({
  phase: field("What is being done.", text()),
  done: field("How much of it is.", count()),
  total: field("How much there is; null while nobody knows.", nullable(count())),
  unit: field("Of both.", oneOf(["bytes", "objects", "files", "steps", "seconds"])),
});

const JOB: Schema<Job> = record<Job>({
  schema: field("Name and version of this schema.", word("deadweight/job@1")),
  id: field("Names it in the other routes.", text()),
  kind: field("What is done.", oneOf(JOB_KINDS)),
  about: field("About what.", text()),
  state: field("How far it is.", oneOf(["running", "done", "failed"])),
  startedAtMs: field(`When it began. ${MILLISECONDS}`, count()),
  progress: field("The last that was heard of it.", nullable(PROGRESS)),
  problem: field(
    "Why it failed.",
    nullable(
      record<{ readonly code: string; readonly message: string }>({
        code: field("Short and stable.", text()),
        message: field("What was seen, why it matters, what to do next.", text()),
      }),
    ),
  ),
});

const JOBS = record<JobList>({
  schema: field("Name and version of this schema.", word("deadweight/jobs@1")),
  jobs: field("The newest first.", list(JOB)),
});

type PageSchema =
  | "processes"
  | "snapshots"
  | "heap"
  | "retention"
  | "neighbourhood"
  | "source"
  | "value"
  | "job"
  | "jobs"
  | "apps";

/** By the name that stands in the documents' `schema`. */
export const PAGE_SCHEMAS: Readonly<Record<PageSchema, JsonSchema>> = {
  processes: schemaDocument<ProcessList>("processes", "Python processes that this user may see.", PROCESSES),
  snapshots: schemaDocument<SnapshotList>("snapshots", "Heaps that can be looked at.", SNAPSHOTS),
  heap: schemaDocument<HeapSummary>("heap", "What a heap is.", HEAP),
  retention: schemaDocument<RetentionReport>("retention", "A heap by what would be freed with what.", RETENTION),
  neighbourhood: schemaDocument<NeighbourhoodReport>("neighbourhood", "What stands around an object.", NEIGHBOURHOOD),
  source: schemaDocument<SourceExcerpt>("source", "Source lines around the place that keeps an object.", SOURCE),
  value: schemaDocument<ValueReport>("value", "What an object says.", VALUE),
  job: schemaDocument<Job>("job", "Work that takes longer than a request.", JOB),
  apps: schemaDocument<GovernedApps>("apps", "Programs that have governed caches, or had them.", APPS),
  jobs: schemaDocument<JobList>("jobs", "Work under way and done.", JOBS),
};
