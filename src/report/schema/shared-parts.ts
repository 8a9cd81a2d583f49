// Parts that several reports have.

import type { Holder, HolderKind, PathStep } from "../../model/holder.ts";
import type { CollectorFacts, GenerationFacts } from "../../model/snapshot-meta.ts";
import {
  addressText,
  change,
  count,
  field,
  list,
  nullable,
  oneOf,
  part,
  record,
  type Schema,
  text,
  truth,
} from "./schema-language.ts";

export const HOLDER_KINDS: Schema<HolderKind> = oneOf([
  "module-global",
  "class-attribute",
  "instance-attribute",
  "closure-cell",
  "function-default",
  "cache",
  "thread-local",
  "context-variable",
  "frame-local",
  "task",
  "queue",
  "callback-list",
  "exception",
  "logger",
  "interpreter",
  "garbage-cycle",
  "native",
]);

export const HOLDER: Schema<Holder> = part(
  "holder",
  record<Holder>({
    path: field(
      "The place as a person would write it: sys.modules['app.sessions'].REGISTRY. Usable as a selector.",
      text(),
    ),
    kind: field("What kind of place it is.", HOLDER_KINDS),
    module: field("Module that owns the name; null for frames, garbage and native holders.", nullable(text())),
    name: field("The name itself; null when it has none.", nullable(text())),
    type: field("Type of the object in that place.", text()),
    file: field("Source file: of the closure, cache or frame, else of the module.", nullable(text())),
    line: field("Line in that file, when known.", nullable(count())),
  }),
);

export const PATH_STEP: Schema<PathStep> = part(
  "pathStep",
  record<PathStep>({
    edge: field("How the step is reached from the one before: global REGISTRY, ['k17'], .user, local rows.", text()),
    type: field("Type of the object.", text()),
    address: field("Address in the process, usable as a selector.", nullable(addressText())),
    shallowBytes: field("Bytes of the object itself.", count()),
    retainedBytes: field("Bytes that would be freed with it.", count()),
    heldBytes: field("Bytes that would be freed with it, and those of shared objects that count for it.", count()),
    entries: field("Elements it holds; null when it is no container.", nullable(count())),
  }),
);

const GENERATION: Schema<GenerationFacts> = part(
  "generation",
  record<GenerationFacts>({
    objects: field("Objects on the generation's list.", count()),
    threshold: field("Its threshold.", change()),
    count: field("Its counter towards the threshold.", change()),
    collections: field("Collections so far.", count()),
    collected: field("Objects collected so far.", count()),
    uncollectable: field("Objects found uncollectable so far.", count()),
  }),
);

export const COLLECTOR: Schema<CollectorFacts> = part(
  "collector",
  record<CollectorFacts>({
    enabled: field("False after gc.disable().", truth()),
    collecting: field("True when a collection was running at that instant.", truth()),
    generations: field("Youngest first.", list(GENERATION)),
    permanentObjects: field("Objects put away by gc.freeze().", count()),
  }),
);

export const WARNINGS: Schema<readonly string[]> = list(text());
