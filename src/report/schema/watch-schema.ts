// The schema of `deadweight watch --json`, one document per line; docs/schema holds it as a file.

import { PROCESS_VERDICTS, type ProcessVerdict } from "../../model/diagnosis.ts";
import type { DescriptorCounts } from "../../model/sample.ts";
import type { SeriesShape } from "../../model/verdict.ts";
import {
  type HolderSum,
  WATCHED_STATES,
  type WatchedCache,
  type WatchedCollector,
  type WatchedForecast,
  type WatchedHolder,
  type WatchedLimit,
  type WatchedMemory,
  type WatchedProcess,
  type WatchedState,
  type WatchReport,
} from "../../model/watch-report.ts";
import {
  addressText,
  amount,
  count,
  field,
  type JsonSchema,
  list,
  nullable,
  number,
  oneOf,
  record,
  type Schema,
  schemaDocument,
  text,
  truth,
  word,
} from "./schema-language.ts";
import { HOLDER_KINDS } from "./shared-parts.ts";

const SHAPE: Schema<SeriesShape> = oneOf<SeriesShape>(["growing", "filling", "warm-up", "load", "steady", "unclear"]);
const UNIT: Schema<"entries" | "bytes"> = oneOf<"entries" | "bytes">(["entries", "bytes"]);

const MEMORY: Schema<WatchedMemory> = record<WatchedMemory>({
  rssBytes: field("Resident.", count()),
  anonBytes: field("Of it: the process's own.", count()),
  fileBytes: field("Of it: pages of files.", count()),
  shmemBytes: field("Of it: shared memory.", count()),
  swapBytes: field("Swapped out.", count()),
  pssBytes: field("With shared pages divided among their users; null when it was not read yet.", nullable(count())),
  pythonBytes: field("In use, of Python's allocator; null when it cannot be read.", nullable(count())),
  allocatorFreeBytes: field("Free inside Python's allocator.", nullable(count())),
});

const LIMIT: Schema<WatchedLimit> = record<WatchedLimit>({
  usageBytes: field("Of all processes of the control group.", count()),
  reclaimableBytes: field("Of it: page cache that the kernel takes back under pressure.", count()),
  limitBytes: field("Null: no limit.", nullable(count())),
  pressurePercent: field(
    "Share of the last 10 s in which some task waited for memory; null where the kernel does not say.",
    nullable(amount()),
  ),
});

const FORECAST: Schema<WatchedForecast> = record<WatchedForecast>({
  limitBytes: field("Of the control group; null without one.", nullable(count())),
  reachedInSeconds: field("Null when it does not grow or there is no limit.", nullable(amount())),
  soonestSeconds: field("With the steepest growth that fits.", nullable(amount())),
  latestSeconds: field("With the flattest; null when that never gets there.", nullable(amount())),
});

const DESCRIPTORS: Schema<DescriptorCounts> = record<DescriptorCounts>({
  files: field("Open files.", count()),
  sockets: field("Open sockets.", count()),
  pipes: field("Open pipes.", count()),
  others: field("Everything else that is open.", count()),
});

const COLLECTOR: Schema<WatchedCollector> = record<WatchedCollector>({
  isEnabled: field("gc.isenabled().", truth()),
  collections: field("Per generation, youngest first, since the process began.", list(count())),
  uncollectable: field("Objects that no collection could free.", count()),
  pending: field("Objects made minus freed since the youngest generation was collected.", number()),
});

const HOLDER: Schema<WatchedHolder> = record<WatchedHolder>({
  fingerprint: field("The same for the same place in every worker and run.", text()),
  path: field("As a person would write it.", text()),
  kind: field("What kind of place it is.", HOLDER_KINDS),
  type: field("Type of the container.", text()),
  address: field("Usable as a selector of `why`.", addressText()),
  unit: field("What is counted.", UNIT),
  first: field("When the watch began.", count()),
  now: field("At the moment.", count()),
  perSecond: field("Over the last minute.", number()),
  bound: field("The most it can hold; null when nothing bounds it.", nullable(count())),
  heldBytes: field("What it held when the last snapshot was taken.", count()),
  shape: field("What its series shows so far.", SHAPE),
  isProved: field("It rose without a break, and nothing bounds it.", truth()),
});

const CACHE: Schema<WatchedCache> = record<WatchedCache>({
  fingerprint: field("The same for the same place in every worker and run.", text()),
  path: field("What it caches.", text()),
  address: field("Usable as a selector of `why`.", addressText()),
  entries: field("At the moment.", count()),
  bound: field("maxsize; null: none.", nullable(count())),
  hits: field("Since the watch began.", count()),
  misses: field("Since the watch began.", count()),
});

const PROCESS: Schema<WatchedProcess> = record<WatchedProcess>({
  pid: field("Process id.", count()),
  python: field("Version of the interpreter.", text()),
  command: field("Command line; secrets are masked.", list(text())),
  state: field("Whether it runs.", oneOf<WatchedState>(WATCHED_STATES)),
  seconds: field("How long it has been watched.", amount()),
  memory: field("What the kernel and Python's allocator count.", MEMORY),
  group: field("Its control group; null where there is none.", nullable(LIMIT)),
  verdict: field("The process as a whole, from its signals.", oneOf<ProcessVerdict>(PROCESS_VERDICTS)),
  because: field("Reasons, in sentences.", list(text())),
  forecast: field("When the limit is reached if growth goes on.", FORECAST),
  threads: field("How many.", count()),
  descriptors: field("What is open; null when it cannot be read.", nullable(DESCRIPTORS)),
  cpuShare: field("Of one core, over the last minute.", nullable(number())),
  collector: field("The garbage collector; null when it cannot be read.", nullable(COLLECTOR)),
  followed: field("Containers whose sizes are read.", count()),
  holders: field("Those that changed, most growth first; at most 200.", list(HOLDER)),
  caches: field("lru caches that were asked, most asked first; at most 50.", list(CACHE)),
  snapshots: field("Snapshots taken of it.", count()),
});

const SUM: Schema<HolderSum> = record<HolderSum>({
  fingerprint: field("Of the place.", text()),
  path: field("Of the place, in the first worker that has it.", text()),
  type: field("Type of the container.", text()),
  unit: field("What is counted.", UNIT),
  processes: field("How many have it.", count()),
  now: field("In all of them.", count()),
  perSecond: field("In all of them, over the last minute.", number()),
  heldBytes: field("In all of them, when their last snapshots were taken.", count()),
  shape: field("The worst of them.", SHAPE),
  isProved: field("In one of them at least.", truth()),
  outlier: field(
    "The one that has far more than the others; null when there is none.",
    nullable(
      record<NonNullable<HolderSum["outlier"]>>({
        pid: field("Process id.", count()),
        now: field("What it has.", count()),
      }),
    ),
  ),
});

export const WATCH_SCHEMA: JsonSchema = schemaDocument<WatchReport>(
  "watch",
  "What a watch sees at one moment; `deadweight watch --json` prints one such document per line.",
  record<WatchReport>({
    schema: field("Name and version of this schema.", word("deadweight/watch@1")),
    atMs: field("Milliseconds since 1970.", count()),
    seconds: field("Since the watch began.", amount()),
    processes: field("In order of pid.", list(PROCESS)),
    sums: field("Each place of any process, added up; most growth first, at most 200.", list(SUM)),
    events: field("What happened since the last document.", list(text())),
  }),
);
