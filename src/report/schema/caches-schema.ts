// The schema of `deadweight caches --json`; docs/schema holds it as a file.

import {
  CACHE_FAMILIES,
  CACHE_ORIGINS,
  type CacheBound,
  type CacheDeclaration,
  type CacheInventory,
  type CacheLoads,
  type CacheProcess,
  type CacheSummary,
  type CacheWindow,
  KEY_HAZARDS,
  type KeyHazard,
  type KeyShape,
  type KeySpelling,
  type WorkerCache,
} from "../../model/cache-inventory.ts";
import {
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
  text,
  word,
} from "./schema-language.ts";
import { HOLDER } from "./shared-parts.ts";

export const BOUND: Schema<CacheBound> = {
  json: {
    anyOf: [
      record({ kind: field("It has one.", word("entries")), entries: field("Most entries.", count()) }).json,
      record({
        kind: field("none: it grows with every new key. unknown: it could not be read.", oneOf(["none", "unknown"])),
      }).json,
    ],
  },
  parts: {},
};

const WINDOW: Schema<CacheWindow> = record<CacheWindow>({
  seconds: field("How long it was watched.", amount()),
  hits: field("Hits meanwhile; null where it does not count.", nullable(count())),
  misses: field("Misses meanwhile.", nullable(count())),
  growth: field("Entries at the end minus entries at the start.", change()),
});

const LOADS: Schema<CacheLoads> = record<CacheLoads>({
  count: field("Loads since the process began.", count()),
  seconds: field("What they took together.", amount()),
  errors: field("Those that raised.", count()),
});

const DECLARED: Schema<CacheDeclaration> = record<CacheDeclaration>({
  namespace: field("ns:NAME clears it; null without one.", nullable(text())),
  version: field("Of the namespace.", text()),
  tags: field("Templates; * where a function names them.", list(text())),
  ttlSeconds: field("How long entries live; null for ever.", nullable(amount())),
  maxBytes: field("Most bytes; null for no such bound.", nullable(count())),
});

const WORKER: Schema<WorkerCache> = record<WorkerCache>({
  pid: field("Process; null for a snapshot that does not say.", nullable(count())),
  entries: field("Entries; null where the heap does not show them.", nullable(count())),
  hits: field("Hits since it was made; null where it does not count.", nullable(count())),
  misses: field("Misses since it was made.", nullable(count())),
  retainedBytes: field("What clearing it would free.", count()),
  sharedBytes: field("What its entries hold together with others.", count()),
  loads: field("What loading took; null where nobody measures it.", nullable(LOADS)),
  window: field("What the counters did while they were watched.", nullable(WINDOW)),
});

const KEYS: Schema<KeyShape> = record<KeyShape>({
  looked: field("Entries that were looked at.", count()),
  spellings: field(
    "How keys are spelled, most frequent first.",
    list(
      record<KeySpelling>({
        types: field("Types of the parts: (int, str).", text()),
        entries: field("Entries of that spelling.", count()),
      }),
    ),
  ),
  hazards: field(
    "Keys that cannot do what a key is for.",
    list(
      record<KeyHazard>({
        kind: field("What is wrong with them.", oneOf(KEY_HAZARDS)),
        entries: field("Entries concerned.", count()),
        because: field("A sentence.", text()),
      }),
    ),
  ),
});

const CACHE: Schema<CacheSummary> = record<CacheSummary>({
  name: field("What a person calls it: shop.pricing.quote.", text()),
  family: field("Who made it.", oneOf(CACHE_FAMILIES)),
  origin: field("Whose it is: standard is the interpreter's own library.", oneOf(CACHE_ORIGINS)),
  copies: field("How many alike there are in all workers together: one per instance, for example.", count()),
  holder: field("Where it is kept.", HOLDER),
  file: field("Of the function that is cached; of the module otherwise.", nullable(text())),
  line: field("Line of the function.", nullable(count())),
  bound: field("How many entries it may have.", BOUND),
  entries: field("Over all workers; null when one is not known.", nullable(count())),
  hits: field("Over all workers.", nullable(count())),
  misses: field("Over all workers.", nullable(count())),
  retainedBytes: field("Over all workers.", count()),
  sharedBytes: field("Over all workers.", count()),
  loads: field("Over all workers; null where nobody measures them.", nullable(LOADS)),
  window: field("Over all workers.", nullable(WINDOW)),
  keys: field("What its keys are; null where the heap does not show them.", nullable(KEYS)),
  declared: field("Options of deadweight.cached as they hold now; null for other caches.", nullable(DECLARED)),
  notes: field("Facts that the numbers do not say.", list(text())),
  workers: field("The same by process.", list(WORKER)),
});

export const CACHES_SCHEMA: JsonSchema = schemaDocument<CacheInventory>(
  "caches",
  "Every cache of a program, over its workers.",
  record<CacheInventory>({
    schema: field("Name and version of this schema.", word("deadweight/caches@1")),
    processes: field(
      "Processes that were read.",
      list(
        record<CacheProcess>({
          pid: field("Process; null for a snapshot that does not say.", nullable(count())),
          python: field("Version of the interpreter.", text()),
          pauseMs: field("How long it stood still; null for a core file.", nullable(amount())),
          liveBytes: field("Bytes of all its objects.", count()),
        }),
      ),
    ),
    windowSeconds: field("How long counters were watched; null when they were not.", nullable(amount())),
    caches: field("Most retained bytes first.", list(CACHE)),
    warnings: field("What went wrong on the way.", list(text())),
  }),
);
