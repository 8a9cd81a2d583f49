// The schemas of the heap commands' reports; docs/schema holds them as files. A test keeps both equal.

import type {
  DiffReport,
  DoctorCheck,
  DoctorReport,
  GarbageUsage,
  GrowthVerdict,
  HolderGrowth,
  HolderUsage,
  ModuleUsage,
  PathGroup,
  RetainingPath,
  SnapshotReport,
  TopReport,
  TypeGrowth,
  TypeUsage,
  WhyReport,
  WhySubject,
} from "../../model/heap-reports.ts";
import { ERROR } from "./error-schema.ts";
import {
  addressText,
  amount,
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
  share,
  text,
  truth,
  word,
} from "./schema-language.ts";
import { COLLECTOR, HOLDER, PATH_STEP, WARNINGS } from "./shared-parts.ts";

const WARNINGS_FIELD = field("Sentences that a reader of the report must know.", WARNINGS);
const COUNT = field("Objects.", count());
const SHALLOW = field("Bytes of the objects themselves.", count());
const HELD = field("Bytes that would be freed with it, and those of shared objects that count for it.", count());
const SHARED = field(
  "Bytes that other places hold too; they count for the place that reaches them first, and for no other.",
  count(),
);
const RETAINED = field("Bytes that would be freed if they went away.", count());

type TypeCount = NonNullable<HolderUsage["mostly"]>;
const MOSTLY: Schema<TypeCount> = record<TypeCount>({ type: field("Type name.", text()), count: COUNT });

const SNAPSHOT: Schema<SnapshotReport> = record<SnapshotReport>({
  schema: field("Name and version of this schema.", word("deadweight/snapshot@1")),
  way: field(
    "How the heap was read: by copying memory, from a sleeping copy of the process, by the process itself.",
    oneOf(["outside", "fork", "inside", "imported"]),
  ),
  python: field("Version of the interpreter: 3.11.7.", text()),
  nodes: field("Objects in the snapshot.", count()),
  edges: field("References between them.", count()),
  liveBytes: field("Bytes of all objects.", count()),
  copiedBytes: field("Bytes of memory that were read.", count()),
  pauseMs: field(
    "How long the process stood still; 0 when it had been stopped already, null for a core file.",
    nullable(amount()),
  ),
  exactness: field(
    "Share of the objects whose reference count equals the references found; null where no counts are known.",
    nullable(share()),
  ),
  collecting: field("True when a garbage collection was running: objects may be missing.", truth()),
  threads: field("Python threads.", count()),
  file: field("The snapshot file.", text()),
  fileBytes: field("Its size.", count()),
  warnings: WARNINGS_FIELD,
});

const HOLDER_USAGE: Schema<HolderUsage> = record<HolderUsage>({
  holder: field("The place.", HOLDER),
  count: field("Objects behind heldBytes.", count()),
  shallowBytes: SHALLOW,
  retainedBytes: RETAINED,
  sharedBytes: SHARED,
  heldBytes: HELD,
  share: field("heldBytes as a share of all live bytes.", share()),
  entries: field("Elements directly in the container; null when it is none.", nullable(count())),
  mostly: field("The type that brings most bytes among what it holds.", nullable(MOSTLY)),
});
const TYPE_USAGE: Schema<TypeUsage> = record<TypeUsage>({
  name: field("Type name; builtins without their module.", text()),
  count: COUNT,
  shallowBytes: SHALLOW,
  retainedBytes: RETAINED,
});
const MODULE_USAGE: Schema<ModuleUsage> = record<ModuleUsage>({
  name: field("Module name.", text()),
  count: COUNT,
  shallowBytes: SHALLOW,
  retainedBytes: RETAINED,
});
type GarbageGroup = GarbageUsage["groups"][number];
const GARBAGE: Schema<GarbageUsage> = record<GarbageUsage>({
  count: COUNT,
  shallowBytes: SHALLOW,
  groups: field(
    "The largest groups of cycles of the same types.",
    list(
      record<GarbageGroup>({
        types: field("Types in the cycles.", text()),
        cycles: field("Cycles in the group.", count()),
        count: COUNT,
        shallowBytes: SHALLOW,
      }),
    ),
  ),
});
const TOP: Schema<TopReport> = record<TopReport>({
  schema: field("Name and version of this schema.", word("deadweight/top@1")),
  python: field("Version of the interpreter: 3.11.7.", text()),
  pid: field("The process; null for a core file.", nullable(count())),
  nodes: field("Objects in the snapshot.", count()),
  liveBytes: field("Bytes of all objects.", count()),
  exactness: field(
    "Share of the objects whose reference count equals the references found; null where no counts are known.",
    nullable(share()),
  ),
  pauseMs: field(
    "How long the process stood still; 0 when it had been stopped already, null for a core file.",
    nullable(amount()),
  ),
  byHolder: field("Places with a name, largest first.", list(HOLDER_USAGE)),
  byType: field("Types, largest first.", list(TYPE_USAGE)),
  byModule: field("Modules, largest first.", list(MODULE_USAGE)),
  garbage: field("Garbage in reference cycles that is not collected yet.", GARBAGE),
  native: field(
    "Objects kept by references from outside the heap.",
    record<TopReport["native"]>({
      objects: COUNT,
      retainedBytes: RETAINED,
      heldBytes: HELD,
    }),
  ),
  collector: field("The garbage collector.", COLLECTOR),
  warnings: WARNINGS_FIELD,
});

const RETAINING_PATH: Schema<RetainingPath> = record<RetainingPath>({
  path: field("The whole path as one expression.", text()),
  holder: field("The named place on the path.", nullable(HOLDER)),
  steps: field("Root first.", list(PATH_STEP)),
});
type Held = WhySubject["holds"][number];
const SUBJECT: Schema<WhySubject> = record<WhySubject>({
  type: field("Type name.", text()),
  address: field("Address in the process, usable as a selector.", addressText()),
  shallowBytes: field("Bytes of the object itself.", count()),
  retainedBytes: RETAINED,
  sharedBytes: SHARED,
  heldBytes: HELD,
  entries: field("Elements it holds; null when it is no container.", nullable(count())),
  nativeReferences: field("References from outside the heap: reference count minus references found.", change()),
  paths: field("What keeps it alive, shortest first; empty for garbage.", list(RETAINING_PATH)),
  holds: field(
    "What it holds in turn, largest first; elements of one type together.",
    list(
      record<Held>({
        edge: field("How it is reached.", text()),
        type: field("Type name.", text()),
        count: COUNT,
        retainedBytes: RETAINED,
        heldBytes: HELD,
      }),
    ),
  ),
  garbage: field("True when nothing keeps it alive.", truth()),
});
const PATH_GROUP: Schema<PathGroup> = record<PathGroup>({
  pattern: field("Path with indices and keys folded: sys.modules['app'].REGISTRY[*].user.", text()),
  holder: field("The named place on the path.", nullable(HOLDER)),
  count: COUNT,
  shallowBytes: SHALLOW,
});
const WHY: Schema<WhyReport> = record<WhyReport>({
  schema: field("Name and version of this schema.", word("deadweight/why@1")),
  selector: field("What was asked.", text()),
  matched: field("Objects that the selector picks.", count()),
  groups: field("Where they are kept, for a type.", list(PATH_GROUP)),
  subjects: field("The objects shown.", list(SUBJECT)),
  warnings: WARNINGS_FIELD,
});

const VERDICT: Schema<GrowthVerdict> = record<GrowthVerdict>({
  rises: field("How often the series rose from one snapshot to the next.", count()),
  steps: field("Snapshots minus one.", count()),
  chance: field(
    "Chance of an unbroken rise among K exchangeable snapshots, 1/K!; null for two snapshots.",
    nullable(share()),
  ),
  strength: field("What the series shows.", oneOf(["strong", "weak", "none"])),
  because: field("The reason for the strength, in words.", text()),
});
const PER_SNAPSHOT: Schema<readonly number[]> = list(count());
const HOLDER_GROWTH: Schema<HolderGrowth> = record<HolderGrowth>({
  holder: field("The place.", HOLDER),
  counts: field("Objects held, per snapshot.", PER_SNAPSHOT),
  retainedBytes: field("Bytes that would be freed with it, per snapshot.", PER_SNAPSHOT),
  heldBytes: field("Bytes held, per snapshot, as `top` counts them.", PER_SNAPSHOT),
  entries: field(
    "Elements directly in the container, per snapshot; null when it is none or was not there.",
    list(nullable(count())),
  ),
  countGrowth: field("Objects, last minus first.", change()),
  retainedGrowthBytes: field("Bytes that would be freed with it, last minus first.", change()),
  heldGrowthBytes: field("Bytes held, last minus first.", change()),
  mostly: field("The type that brought most bytes among what was added.", nullable(MOSTLY)),
  verdict: field("Does it keep growing?", VERDICT),
  steps: field("The path to it, root first.", list(PATH_STEP)),
});
const TYPE_GROWTH: Schema<TypeGrowth> = record<TypeGrowth>({
  name: field("Type name.", text()),
  counts: field("Objects, per snapshot.", PER_SNAPSHOT),
  shallowBytes: field("Bytes of the objects themselves, per snapshot.", PER_SNAPSHOT),
  countGrowth: field("Objects, last minus first.", change()),
  shallowGrowthBytes: field("Bytes, last minus first.", change()),
  verdict: field("Does it keep growing?", VERDICT),
});
type DiffSnapshot = DiffReport["snapshots"][number];
const DIFF: Schema<DiffReport> = record<DiffReport>({
  schema: field("Name and version of this schema.", word("deadweight/diff@1")),
  sameProcess: field("False when the snapshots are of different processes.", truth()),
  snapshots: field(
    "What was compared, oldest first.",
    list(
      record<DiffSnapshot>({
        file: field("As it was given.", text()),
        takenAtMs: field("Milliseconds since 1970.", amount()),
        nodes: field("Objects.", count()),
        liveBytes: field("Bytes of all objects.", count()),
      }),
    ),
  ),
  holders: field("Places with a name, largest growth first.", list(HOLDER_GROWTH)),
  types: field("Types, largest growth first.", list(TYPE_GROWTH)),
  warnings: WARNINGS_FIELD,
});

const CHECK: Schema<DoctorCheck> = record<DoctorCheck>({
  name: field("What was checked.", text()),
  status: field("How it is.", oneOf(["ok", "warning", "problem", "unknown"])),
  seen: field("What was seen.", text()),
  advice: field("Why it matters and what to do next; null when all is well.", nullable(text())),
});
const DOCTOR: Schema<DoctorReport> = record<DoctorReport>({
  schema: field("Name and version of this schema.", word("deadweight/doctor@1")),
  pid: field("The process; null when the machine was examined.", nullable(count())),
  readable: field("Whether the process can be read; null when not known.", nullable(truth())),
  checks: field("In the order a reader needs them.", list(CHECK)),
  commands: field("Command lines that will work, when the present one will not.", list(text())),
});

type CompletionReport = { readonly schema: "deadweight/completion@1"; readonly shell: string; readonly script: string };
const COMPLETION: Schema<CompletionReport> = record<CompletionReport>({
  schema: field("Name and version of this schema.", word("deadweight/completion@1")),
  shell: field("bash, zsh or fish.", text()),
  script: field("The script.", text()),
});

/** By command name, and "error" for what all of them print when they could not do it. */
export const HEAP_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  snapshot: schemaDocument("snapshot", "What was written, and how far it can be trusted.", SNAPSHOT),
  top: schemaDocument("top", "What holds the memory.", TOP),
  why: schemaDocument("why", "What keeps objects alive.", WHY),
  diff: schemaDocument("diff", "What grew between snapshots.", DIFF),
  doctor: schemaDocument("doctor", "Whether a process can be read.", DOCTOR),
  completion: schemaDocument("completion", "A completion script.", COMPLETION),
  error: schemaDocument("error", "Why a command could not do what it was asked.", ERROR),
};
