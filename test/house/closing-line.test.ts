import { describe, expect, test } from "vitest";

import { closingLine, countTests, versionsLine, type VitestSummary } from "../../tools/closing-line.ts";

function summary(change: Partial<VitestSummary>): VitestSummary {
  return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...change };
}

describe("the line before", () => {
  test("names the versions of Python that were covered", () => {
    const found = [{ version: "3.11.2" }, { version: "3.11.2" }, { version: "3.14.8" }];
    expect(versionsLine(found, ["3.11", "3.14"])).toBe("Python versions covered: 3.11.2, 3.14.8.");
    expect(versionsLine([...found, { version: "3.13.5t" }], ["3.13t", "3.14", "3.15t"])).toMatch(
      /^Python versions covered: 3\.11\.2, 3\.14\.8, 3\.13\.5t; not covered: 3\.15t \(npx tsx tools\/interpreters\/build\.ts\)\.$/,
    );
    expect(versionsLine([{ version: "3.13.5t" }], ["3.13"])).toContain("not covered: 3.13 (");
    expect(versionsLine(found, ["3.1", "3.11", "3.15"])).toContain("; not covered: 3.1, 3.15 (npx tsx tools/interp");
  });
});

describe("the closing line of npm test", () => {
  test("counts what passed, failed and was skipped", () => {
    const counts = countTests(summary({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2 }), false);
    expect(closingLine(counts)).toBe("5 passed, 1 failed, 2 skipped");
  });

  test("a clean run says so without the word skipped", () => {
    expect(closingLine(countTests(summary({ numPassedTests: 5 }), true))).toBe("5 passed, 0 failed");
  });

  test("no test at all is a failure", () => {
    expect(countTests(summary({}), true).failed).toBe(1);
    expect(countTests(summary({ numPendingTests: 9 }), true).failed).toBe(1);
  });

  test("a test file that could not be loaded is a failure", () => {
    const testResults = [{ status: "failed", assertionResults: [] }];
    expect(countTests(summary({ numPassedTests: 5, testResults }), false).failed).toBe(1);
  });

  test("an error outside all tests is a failure", () => {
    expect(countTests(summary({ numPassedTests: 5 }), false).failed).toBe(1);
  });

  test("no summary is a failure", () => {
    expect(countTests(null, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
