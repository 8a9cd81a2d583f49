// The schema of `deadweight caches advise --json`; docs/schema holds it as a file.

import {
  ADVICE_VERDICTS,
  type AdvisedWorker,
  type CacheAdvice,
  type CacheAdviceReport,
  type CurveCliff,
  type CurvePoint,
  type SizeOffer,
  UNBOUNDED_VERDICTS,
} from "../../model/cache-advice.ts";
import { CACHE_FAMILIES, CACHE_ORIGINS } from "../../model/cache-inventory.ts";
import { BOUND } from "./caches-schema.ts";
import {
  amount,
  change,
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
  share,
  text,
  word,
} from "./schema-language.ts";

const POINT: Schema<CurvePoint> = record<CurvePoint>({
  size: field("Entries in each process.", count()),
  missRatio: field("Share of the calls that would have been misses.", share()),
  band: field("About two standard errors, as a share of the calls.", share()),
});

const CLIFF: Schema<CurveCliff> = record<CurveCliff>({
  from: field("With so many entries it misses often.", count()),
  to: field("With so many it does not.", count()),
  fromMissRatio: field("Share of misses before the step.", share()),
  toMissRatio: field("Share of misses behind it.", share()),
});

const WORKER: Schema<AdvisedWorker> = record<AdvisedWorker>({
  pid: field("Process.", count()),
  entries: field("Entries it had.", count()),
  calls: field("Calls while it was watched.", count()),
  misses: field("Those of them that loaded.", count()),
});

const OFFER: Schema<SizeOffer> = record<SizeOffer>({
  size: field("Entries in each process.", count()),
  missRatio: field("Share of the calls that would have been misses.", share()),
  band: field("About two standard errors, as a share of the calls.", share()),
  bytes: field("More than now in all processes when it is full; negative: fewer. By the mean entry.", change()),
  sparedLoad: field("Seconds of loading spared in every second; null: no load was measured.", nullable(number())),
  hourlySecondsPerMiB: field(
    "Seconds of loading spared in an hour for each MiB more; null as above, or where no byte is added.",
    nullable(number()),
  ),
});

const ADVICE: Schema<CacheAdvice> = record<CacheAdvice>({
  name: field("What a person calls it.", text()),
  family: field("Who made it.", oneOf(CACHE_FAMILIES)),
  origin: field("Whose it is.", oneOf(CACHE_ORIGINS)),
  file: field("Of the function that is cached.", nullable(text())),
  line: field("Of the function that is cached.", nullable(count())),
  bound: field("Its present bound, in each process.", BOUND),
  workers: field("Processes in which it was followed.", list(WORKER)),
  watchedSeconds: field("For how long.", amount()),
  calls: field("Calls meanwhile, in all of them.", count()),
  missRatio: field("Share of misses, by its own counters; null without calls.", nullable(share())),
  entryBytes: field("Mean retained bytes of an entry.", nullable(amount())),
  loadMs: field("Mean time of a load; null: unknown.", nullable(amount())),
  curve: field("By ascending size, for each process; empty when refused.", list(POINT)),
  verdict: field(
    "shrink: fewer entries answer as well. grow: more would answer more. keep: neither. refused: the data does not carry it.",
    oneOf(ADVICE_VERDICTS),
  ),
  offer: field("The bound that the verdict speaks of.", nullable(OFFER)),
  waste: field("The smallest bound that answers as well as the present one.", nullable(count())),
  knee: field("From here on more entries bring less and less.", nullable(count())),
  cliff: field("A step of the curve.", nullable(CLIFF)),
  unbounded: field(
    "safe: new keys have all but stopped coming. never: they keep coming, so without a bound it would grow for ever.",
    oneOf(UNBOUNDED_VERDICTS),
  ),
  newKeysPerSecond: field("In each process, in the second half of the time.", nullable(amount())),
  because: field("Sentences: why it was refused, and what could not be seen.", list(text())),
});

export const CACHE_ADVICE_SCHEMA: JsonSchema = schemaDocument<CacheAdviceReport>(
  "caches advise",
  "How often caches would answer with other bounds, and which bounds are worth their bytes.",
  record<CacheAdviceReport>({
    schema: field("Name and version of this schema.", word("deadweight/cache-advice@1")),
    pids: field("Processes that were read.", list(count())),
    watchedSeconds: field("How long they were watched.", amount()),
    readingShare: field("Share of one core that the reading took.", amount()),
    caches: field("Most calls first.", list(ADVICE)),
    warnings: field("What could not be done, as sentences.", list(text())),
  }),
);
