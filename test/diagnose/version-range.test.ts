// Versions compare as PEP 440 says.

import { describe, expect, it } from "vitest";
import { compareVersions, isInRange } from "../../src/diagnose/version-range.ts";

/** The order of PEP 440, section "Summary of permitted suffixes and relative ordering", and more. */
const ASCENDING = [
  "1.0.dev456",
  "1.0a1",
  "1.0a2.dev456",
  "1.0a12.dev456",
  "1.0a12",
  "1.0b1.dev456",
  "1.0b2",
  "1.0b2.post345.dev456",
  "1.0b2.post345",
  "1.0rc1.dev456",
  "1.0rc1",
  "1.0",
  "1.0.post456.dev34",
  "1.0.post456",
  "1.1.dev1",
  "1.1",
  "1.10",
  "2026.1",
  "1!0.1",
];

describe("order", () => {
  it("is that of PEP 440", () => {
    for (const [at, left] of ASCENDING.entries()) {
      for (const [other, right] of ASCENDING.entries()) {
        expect(Math.sign(compareVersions(left, right) ?? Number.NaN), `${left} and ${right}`).toBe(
          Math.sign(at - other),
        );
      }
    }
  });
  it.each([
    ["1.0", "1.0.0"],
    ["1.0a1", "1.0-alpha.1"],
    ["1.0rc1", "1.0c1"],
    ["1.0.post1", "1.0-1"],
    ["v1.0", "1.0"],
    ["1.0+ubuntu.1", "1.0"],
  ])("%s and %s are one release", (left, right) => expect(compareVersions(left, right)).toBe(0));
  it.each(["", "unknown", "1.x", "1..0", "1.0 beta two"])("'%s' is no version", (text) => {
    expect(compareVersions(text, "1.0")).toBe(null);
    expect(isInRange(text, ">=1")).toBe(null);
  });
});

describe("ranges", () => {
  it.each([
    ["1.29.100", ">=1.29,<1.30", true],
    ["1.30.0", ">=1.29,<1.30", false],
    ["1.30.0rc1", "<1.30", false],
    ["1.30.0rc1", "<1.30rc2", true],
    ["1.0.post1", ">1.0", false],
    ["1.0.1", ">1.0", true],
    ["2.3.1", "~=2.2", true],
    ["3.0", "~=2.2", false],
    ["2.2.9", "~=2.2.1", true],
    ["2.3", "~=2.2.1", false],
    ["1.4.2", "==1.4.*", true],
    ["1.5", "!=1.4.*", true],
    ["1.4", "==1.4.0", true],
    ["0.1", "", true],
    ["1.2", ">=1, !=1.2", false],
  ])("%s in '%s': %s", (version, range, answer) => expect(isInRange(version, range)).toBe(answer));
  it.each([">=1,<banana", "===1.0", "1.0", "<1.*"])("'%s' is not guessed at", (range) =>
    expect(isInRange("1.0", range)).toBe(null),
  );
});
