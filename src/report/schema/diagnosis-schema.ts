// The schema of `deadweight diagnose --json`; docs/schema holds it as a file.

import {
  COMPARED_STATES,
  type ComparedLeak,
  type ComparedState,
  type Diagnosis,
  type DiagnosisComparison,
  type DiagnosisTarget,
  type DiagnosisWindow,
  type Forecast,
  type GrowthHistory,
  type GrowthPoint,
  type JudgedStep,
  type KnownLeakMatch,
  type Leak,
  type LeakConfidence,
  type LeakedObjects,
  type LeakFix,
  type LeakMeasure,
  type LeakSite,
  type MemorySplit,
  PROCESS_VERDICTS,
  type ProcessVerdict,
  type RuledOut,
} from "../../model/diagnosis.ts";
import type { SeriesShape, SeriesVerdict } from "../../model/verdict.ts";
import {
  addressText,
  amount,
  change,
  count,
  field,
  type JsonSchema,
  list,
  nullable,
  number,
  oneOf,
  pattern,
  record,
  type Schema,
  schemaDocument,
  share,
  text,
  truth,
  word,
} from "./schema-language.ts";
import { HOLDER, WARNINGS } from "./shared-parts.ts";

const SENTENCES = list(text());

const RULED_OUT: Schema<RuledOut> = record<RuledOut>({
  what: field("An explanation that was looked at.", text()),
  because: field("Why it is not that.", text()),
});

const SERIES_VERDICT: Schema<SeriesVerdict> = record<SeriesVerdict>({
  shape: field(
    "What the series shows.",
    oneOf<SeriesShape>(["growing", "filling", "warm-up", "load", "steady", "unclear"]),
  ),
  isUnbroken: field("It rose in every one of at least seven windows.", truth()),
  windowSeconds: field("Length of the part that was judged.", amount()),
  samples: field("Measurements in it.", count()),
  first: field("Value at its start.", number()),
  last: field("Value at its end.", number()),
  slope: field("Units per second.", number()),
  slopeLow: field("Lower bound of the slope.", number()),
  slopeHigh: field("Upper bound of the slope.", number()),
  perUnitOfLoad: field("Units per unit of work; null without a load signal.", nullable(number())),
  p: field("Of the trend test, corrected; 1 when no test was made.", share()),
  because: field("Reasons, in sentences.", SENTENCES),
  ruledOut: field("What it is not.", list(RULED_OUT)),
  wouldChange: field("What more would change the verdict.", text()),
});

const SITE: Schema<LeakSite> = record<LeakSite>({
  file: field("Source file.", text()),
  line: field("Line, from 1.", count()),
  code: field("The line's text.", text()),
  how: field("How it is known.", oneOf<"source" | "traced">(["source", "traced"])),
});

const STEP: Schema<JudgedStep> = record<JudgedStep>({
  edge: field("How the step is reached.", text()),
  type: field("Type of the object.", text()),
  verdict: field("Whether it belongs there.", oneOf<JudgedStep["verdict"]>(["expected", "stuck", "unknown"])),
  because: field("Why.", text()),
  isFaulty: field("The reference to cut.", truth()),
  entries: field("Elements in it; null when it is no container.", nullable(count())),
  entriesGrowth: field("How many more than at first; null when not known.", nullable(change())),
  address: field("Address in the process, usable as a selector.", nullable(addressText())),
});

const LEAKED: Schema<LeakedObjects> = record<LeakedObjects>({
  type: field("Type that brought most bytes.", text()),
  count: field("Objects of that type.", count()),
  countGrowth: field("How many more over the window.", change()),
  retainedBytes: field("Freed with the holder.", count()),
  heldBytes: field("These, and those of shared objects that count for it.", count()),
  bytesPerMinute: field("Growth in bytes.", number()),
});

const LEAK: Schema<Leak> = record<Leak>({
  fingerprint: field("The same for the same leak on every run and machine.", text()),
  cause: field("Row of the mission.", pattern<Leak["cause"]>("^L[0-9]{1,2}$")),
  confidence: field("How sure it is.", oneOf<LeakConfidence>(["proved", "likely", "possible"])),
  holder: field("Who keeps it.", HOLDER),
  sites: field("Where it is put in, best first.", list(SITE)),
  removals: field("Where it is taken out.", list(SITE)),
  leaked: field("What piles up.", LEAKED),
  path: field("Root first.", list(STEP)),
  growth: field("The growth itself.", SERIES_VERDICT),
  history: field(
    "What was measured of it, thinned for a drawing; null where nothing was followed.",
    nullable(
      record<GrowthHistory>({
        unit: field(
          "What is counted.",
          oneOf<GrowthHistory["unit"]>(["entries", "objects", "bytes", "descriptors", "threads"]),
        ),
        points: field(
          "In order of time.",
          list(
            record<GrowthPoint>({
              atSeconds: field("Since the watch began.", amount()),
              value: field("How many there were.", amount()),
            }),
          ),
        ),
      }),
    ),
  ),
  because: field("Reasons, in sentences.", SENTENCES),
  ruledOut: field("What it is not.", list(RULED_OUT)),
  fix: field(
    "What to do.",
    nullable(
      record<LeakFix>({
        text: field("In words.", text()),
        patch: field("As a unified diff, when there is one.", nullable(text())),
      }),
    ),
  ),
  known: field(
    "The leak of a library that its authors know.",
    nullable(
      record<KnownLeakMatch>({
        id: field("Its name in data/known-leaks.json.", text()),
        package: field("The library.", text()),
        installedVersion: field("In the process; null when not known.", nullable(text())),
        fixedIn: field("Version that mends it; null: none yet.", nullable(text())),
        url: field("The upstream issue.", text()),
        summary: field("One sentence.", text()),
      }),
    ),
  ),
});

const MEASURE: Schema<LeakMeasure> = record<LeakMeasure>({
  confidence: field("How sure it was.", oneOf<LeakConfidence>(["proved", "likely", "possible"])),
  count: field("Objects.", count()),
  heldBytes: field("Held.", count()),
  bytesPerMinute: field("Growth in bytes.", number()),
  perUnitOfLoad: field("Units per unit of work; null without a load signal.", nullable(number())),
});

const COMPARISON: Schema<DiagnosisComparison> = record<DiagnosisComparison>({
  before: field(
    "The diagnosis before.",
    record<DiagnosisComparison["before"]>({
      pid: field("Process id.", count()),
      seconds: field("How long it was watched.", amount()),
      verdict: field("What was the matter.", oneOf<ProcessVerdict>(PROCESS_VERDICTS)),
    }),
  ),
  leaks: field(
    "Those from before first.",
    list(
      record<ComparedLeak>({
        fingerprint: field("The same on both sides.", text()),
        path: field("The holder.", text()),
        state: field("What became of it.", oneOf<ComparedState>(COMPARED_STATES)),
        before: field("Null when it is new.", nullable(MEASURE)),
        after: field("Null when it is gone.", nullable(MEASURE)),
      }),
    ),
  ),
  doubts: field("Why `gone` may not be a proof, in sentences.", SENTENCES),
});

export const DIAGNOSIS: Schema<Diagnosis> = record<Diagnosis>({
  schema: field("Name and version of this schema.", word("deadweight/diagnosis@1")),
  target: field(
    "The process.",
    record<DiagnosisTarget>({
      pid: field("Process id.", count()),
      python: field("Version of the interpreter.", text()),
      command: field("Its command line, secrets left out.", list(text())),
      folder: field("Its working folder; null when not known.", nullable(text())),
      workers: field("Processes of the same program under one parent, it included.", list(count())),
    }),
  ),
  verdict: field("What is the matter.", oneOf<ProcessVerdict>(PROCESS_VERDICTS)),
  because: field("Why, in sentences.", SENTENCES),
  leaks: field("Surest and largest first.", list(LEAK)),
  dismissed: field(
    "Holders that grew and are no leak.",
    list(
      record<Diagnosis["dismissed"][number]>({
        holder: field("The place.", HOLDER),
        growth: field("Why it is none.", SERIES_VERDICT),
      }),
    ),
  ),
  memory: field(
    "Where the resident memory is.",
    record<MemorySplit>({
      rssBytes: field("Resident.", count()),
      pythonLiveBytes: field("Python objects.", count()),
      allocatorFreeBytes: field("Free inside Python's allocator; estimated where it cannot be read.", count()),
      nativeBytes: field("The rest of private memory.", count()),
      sharedBytes: field("Shared: files and libraries.", count()),
    }),
  ),
  forecast: field(
    "When the limit is reached.",
    record<Forecast>({
      limitBytes: field("Of the control group or the machine; null without one.", nullable(count())),
      reachedInSeconds: field("Null when it does not grow or there is no limit.", nullable(amount())),
    }),
  ),
  window: field(
    "How long it was watched.",
    record<DiagnosisWindow>({
      seconds: field("Length.", amount()),
      samples: field("Without stopping it.", count()),
      snapshots: field("With a pause each.", count()),
      pauseMs: field("The pauses.", list(amount())),
      cpuSeconds: field("Processor time that the process used meanwhile.", amount()),
    }),
  ),
  comparison: field("Against the diagnosis from before a fix; null without --compare.", nullable(COMPARISON)),
  warnings: field("Sentences that a reader of the report must know.", WARNINGS),
});

export const DIAGNOSIS_SCHEMA: JsonSchema = schemaDocument(
  "diagnose",
  "What is the matter, and whose it is.",
  DIAGNOSIS,
);
