import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unifiedDiff } from "../../src/report/unified-diff.ts";

describe("a unified difference", () => {
  it("is nothing between equal texts", () => expect(unifiedDiff("a.py", "x\n", "x\n")).toBe(""));
  it("shows three lines around a change", () => {
    const before = Array.from({ length: 9 }, (_, at) => `${at}\n`).join("");
    expect(unifiedDiff("a.py", before, before.replace("4\n", "four\n"))).toBe(
      "--- a/a.py\n+++ b/a.py\n@@ -2,7 +2,7 @@\n 1\n 2\n 3\n-4\n+four\n 5\n 6\n 7\n",
    );
  });
  it("is what `patch` makes the second text of", () => {
    const folder = mkdtempSync(join(tmpdir(), "deadweight-diff-"));
    const line = fc.constantFrom("a\n", "b\n", "c\n", "\n");
    const text = fc
      .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom("", "end"))
      .map(([lines, end]) => lines.join("") + end);
    try {
      fc.assert(
        fc.property(text, text, (before, after) => {
          if (before === after) return;
          writeFileSync(join(folder, "a.py"), before);
          execFileSync("git", ["apply", "--unidiff-zero", "-"], {
            cwd: folder,
            input: unifiedDiff("a.py", before, after),
          });
          expect(readFileSync(join(folder, "a.py"), "utf8")).toBe(after);
        }),
        { numRuns: 60 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
