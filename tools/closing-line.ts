// Turns vitest's JSON summary into the closing line of `npm test`. Counts what vitest does not count as a test: a test
// file that could not be loaded, an error outside any test, a run of nothing.

/** The part of vitest's JSON report that is read here. */
export interface VitestSummary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** `clean` is false when the build or vitest itself ended with an error; null means vitest left no summary. */
export function countTests(summary: VitestSummary | null, clean: boolean): TestCounts {
  if (summary === null) return { passed: 0, failed: 1, skipped: 0 };
  const unloaded = summary.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  const passed = summary.numPassedTests;
  const failed = summary.numFailedTests + unloaded;
  const isHiddenFailure = failed === 0 && (!clean || passed === 0);
  return {
    passed,
    failed: isHiddenFailure ? 1 : failed,
    skipped: summary.numPendingTests + summary.numTodoTests,
  };
}

/** "12 passed, 0 failed, 1 skipped". */
export function closingLine(counts: TestCounts): string {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}

/** "Python versions covered: 3.8.18, 3.14.8; not covered: 3.15." `every`: those here that are read; `known`: "3.8" and so on. */
export function versionsLine(every: readonly { readonly version: string }[], known: readonly string[]): string {
  const covered = [...new Set(every.map(({ version }) => version))];
  const missing = known.filter((version) => !covered.some((each) => minorOf(each) === version));
  const [fetched, built] = [
    missing.filter((each) => !each.endsWith("t")),
    missing.filter((each) => each.endsWith("t")),
  ];
  const rest = [
    ...(fetched.length === 0 ? [] : [`${fetched.join(", ")} (npx tsx tools/interpreters/fetch.ts)`]),
    ...(built.length === 0 ? [] : [`${built.join(", ")} (npx tsx tools/interpreters/build.ts)`]),
  ];
  return `Python versions covered: ${covered.join(", ")}${rest.length === 0 ? "" : `; not covered: ${rest.join(", ")}`}.`;
}

/** "3.13.5t" -> "3.13t". */
function minorOf(version: string): string {
  return version.replace(/^(\d+\.\d+)\.[^t]*/, "$1");
}
