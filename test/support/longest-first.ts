// The order of the test files: those that take longest begin first, so that a run does not end with one of them alone. vitest knows
// how long they took only where it has run before, which a fresh clone has not.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const ROOT = join(import.meta.dirname, "../..");

/** More than about 30 s of two processors; those that mostly wait and those that compute take turns. */
const LONGEST: readonly string[] = [
  "test/corpus-leaks/corpus.test.ts",
  "test/heap/real-random-stops.test.ts",
  "test/app/diagnose/deployments.test.ts",
  "test/diagnose/diagnose-holder.test.ts",
  "test/app/diagnose/faults.test.ts",
  "test/app/snapshot/inside.test.ts",
  "test/capture/kill.test.ts",
  "test/page/heap-walk.test.ts",
  "test/app/attach/attach-stress.test.ts",
  "test/app/verify/verify-scenario.test.ts",
  "test/app/attach/run-in-target.test.ts",
  "test/workers/read-heap-in-threads.test.ts",
  "test/app/watch/watch-fleet.test.ts",
  "test/python-package/race.test.ts",
  "test/app/probe/load-probe.test.ts",
  "test/heap/truth.test.ts",
  "test/corpus-leaks/services.test.ts",
  "test/python-package/guard.test.ts",
  "test/app/probe/probe-faults.test.ts",
  "test/support/truth/truth.test.ts",
  "test/app/watch/watch-process.test.ts",
  "test/client/cache-keys-python.test.ts",
  "test/smoke/demo.test.ts",
  "test/redis/tier-python.test.ts",
  "test/capture/pause-safety.test.ts",
  "test/python-package/cached.test.ts",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = LONGEST.filter((file) => !existsSync(join(ROOT, file)));
    if (gone.length > 0) throw new Error(`test/support/longest-first.ts names what is not there: ${gone.join(", ")}`);
    const others = await super.sort(files);
    return others.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((file) => join(ROOT, file) === moduleId);
  return place < 0 ? LONGEST.length : place;
}
