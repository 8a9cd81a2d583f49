import { describe, expect, it } from "vitest";
import type { DiffReport, GrowthVerdict, HolderGrowth } from "../../src/model/heap-reports.ts";
import { diffText } from "../../src/report/diff-text.ts";
import { limitsOfProof, seriesWords, verdictWords } from "../../src/report/growth-words.ts";
import { diffOfTwo } from "./example-diffs.ts";

describe("the verdict in words", () => {
  it.each<[GrowthVerdict, string]>([
    [
      { rises: 7, steps: 7, chance: 1 / 40_320, strength: "strong", because: "rose in every step" },
      "rose in 7 of 7 steps, by chance once in 40,320: it keeps growing",
    ],
    [
      { rises: 3, steps: 3, chance: 1 / 24, strength: "weak", because: "rose in every step" },
      "rose in 3 of 3 steps: it may keep growing, not proof",
    ],
    [
      { rises: 2, steps: 2, chance: 1 / 6, strength: "strong", because: "rose in every step" },
      "rose in 2 of 2 steps, by chance once in 6, and by a lot: likely a leak",
    ],
    [
      { rises: 1, steps: 1, chance: null, strength: "strong", because: "rose in every step" },
      "grew once, but by a lot: likely a leak, not proof",
    ],
    [
      { rises: 4, steps: 7, chance: null, strength: "none", because: "rose in every step" },
      "rose in 4 of 7 steps: no steady growth",
    ],
    [
      { rises: 0, steps: 7, chance: null, strength: "none", because: "rose in every step" },
      "did not grow in any of 7 steps",
    ],
    [
      { rises: 1, steps: 1, chance: null, strength: "weak", because: "rose in every step" },
      "grew once, which is not proof",
    ],
    [{ rises: 0, steps: 1, chance: null, strength: "none", because: "rose in every step" }, "did not grow"],
    [{ rises: 0, steps: 0, chance: null, strength: "none", because: "rose in every step" }, "one snapshot only"],
  ])("%j", (verdict, words) => expect(verdictWords(verdict)).toBe(words));
});

describe("what the snapshots can show", () => {
  it.each([
    [2, "not that it keeps growing"],
    [3, "once in 6; take 7 or more for proof"],
    [6, "once in 720; take 7 or more for proof"],
    [7, "once in 5,040."],
  ])("%i snapshots", (snapshots, words) => expect(limitsOfProof(snapshots)).toContain(words));
});

describe("a series", () => {
  it("is whole where it fits", () => expect(seriesWords(["1", "2", "3"], 20)).toBe("1 → 2 → 3"));
  it("loses its middle where it does not", () => {
    expect(seriesWords(["82,110", "82,254", "82,391", "82,540", "83,114"], 34)).toBe("82,110 → 82,254 → … → 83,114");
  });
  it("keeps both ends whatever happens", () => expect(seriesWords(["10", "20", "30"], 4)).toBe("10 → … → 30"));
  it("that never changes is said once", () => expect(seriesWords(["7", "7", "7"], 40)).toBe("7 throughout"));
});

describe("the first sentence of diff is the answer", () => {
  const answer = (change: Partial<HolderGrowth>): string => {
    const [first] = diffOfTwo.holders;
    const report: DiffReport = first === undefined ? diffOfTwo : { ...diffOfTwo, holders: [{ ...first, ...change }] };
    return diffText(report, { width: 200, colours: false }).split("\n")[0] ?? "";
  };

  it("counts entries", () => {
    expect(answer({})).toBe(
      "`sys.modules['shop.sessions'].REGISTRY` grew by 1,004 entries (+5.2 MiB, mostly Session objects) in 12 s; it now holds 83,114 entries, 432 MiB.",
    );
  });
  it("counts objects where there are no entries", () => {
    expect(answer({ entries: [null, null] })).toContain("grew by 30,120 objects (+5.2 MiB");
  });
  it("counts bytes where only bytes grew", () => {
    expect(answer({ entries: [5, 5], countGrowth: 0, mostly: null })).toContain("grew by 5.2 MiB in 12 s");
  });
  it("does not take what shrank for growth", () => {
    expect(answer({ countGrowth: -3, heldGrowthBytes: -100 })).toBe("Nothing that has a name grew in 12 s.");
  });
});
