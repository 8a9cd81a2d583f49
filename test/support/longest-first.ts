// The order of the test files: those that take longest begin first, so that a run does not end with one of them alone. vitest knows
// how long they took only where it has run before, which a fresh clone has not.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const ROOT = join(import.meta.dirname, "../..");

/**
 * What would end alone otherwise. Not all that take long: begun together they would take each other's processor, and some of them
 * watch programs by the clock.
 */
const LONGEST: readonly string[] = [
  "test/corpus-leaks/corpus.test.ts",
  "test/python-package/cached.test.ts",
  "test/smoke/demo.test.ts",
  "test/corpus-leaks/services.test.ts",
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
