// The schema of `deadweight verify --json`; docs/schema holds it as a file.

import {
  type KnownGrowth,
  type Verification,
  VERIFICATION_VERDICTS,
  type VerificationVerdict,
  type VerifiedLeak,
  type VerifiedRound,
} from "../../model/verification.ts";
import { DIAGNOSIS } from "./diagnosis-schema.ts";
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
  text,
  truth,
  word,
} from "./schema-language.ts";
import { WARNINGS } from "./shared-parts.ts";

const ROUND: Schema<VerifiedRound> = record<VerifiedRound>({
  calls: field("Calls of the scenario in it.", count()),
  seconds: field("How long it took, the snapshot included.", amount()),
  liveBytes: field("Python objects after it.", count()),
  liveGrowthBytes: field("Against the end of the round before.", change()),
  rssBytes: field("Resident memory after it.", count()),
  rssGrowthBytes: field("Against the end of the round before.", change()),
});

const KNOWN: Schema<KnownGrowth> = record<KnownGrowth>({
  fingerprint: field("Of the leak.", text()),
  until: field("The last day on which it is expected.", text()),
  because: field("Why it is lived with.", text()),
});

const VERIFIED_LEAK: Schema<VerifiedLeak> = record<VerifiedLeak>({
  fingerprint: field("Of one of `diagnosis.leaks`.", text()),
  path: field("The holder.", text()),
  unit: field("What is counted.", oneOf<VerifiedLeak["unit"]>(["entries", "objects", "bytes"])),
  sizes: field("Before the first round and after each.", list(number())),
  perCall: field("Growth of each round by its calls.", list(number())),
  isProved: field("It grew in every one of at least seven rounds, and nothing else explains it.", truth()),
  known: field("What the baseline says of it; null when nothing.", nullable(KNOWN)),
});

const VERIFICATION: Schema<Verification> = record<Verification>({
  schema: field("Name and version of this schema.", word("deadweight/verification@1")),
  verdict: field("What the rounds show.", oneOf<VerificationVerdict>(VERIFICATION_VERDICTS)),
  scenario: field(
    "What was run.",
    record<Verification["scenario"]>({
      command: field("Its command line, secrets left out.", list(text())),
      warmUpCalls: field("Calls before the first measurement.", count()),
      mostRounds: field("Rounds that would have been run if each had grown.", count()),
    }),
  ),
  before: field(
    "After the warm-up.",
    record<Verification["before"]>({
      liveBytes: field("Python objects.", count()),
      rssBytes: field("Resident memory.", count()),
    }),
  ),
  rounds: field("In order.", list(ROUND)),
  leaks: field("In the order of `diagnosis.leaks`.", list(VERIFIED_LEAK)),
  diagnosis: field("Holders, causes and lines.", DIAGNOSIS),
  warnings: field("Sentences that a reader of the report must know.", WARNINGS),
});

export const VERIFICATION_SCHEMA: JsonSchema = schemaDocument(
  "verify",
  "What a scenario leaves behind, run over and over in rounds that grow.",
  VERIFICATION,
);
