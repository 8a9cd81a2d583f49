import { describe, expect, it } from "vitest";
import { formatBytes, formatBytesGrowth } from "../../src/base/format-bytes.ts";
import { countOf, formatCount, formatCountGrowth } from "../../src/base/format-count.ts";
import { formatDuration } from "../../src/base/format-duration.ts";
import { formatPercent } from "../../src/base/format-percent.ts";
import { shellWord } from "../../src/base/format-shell.ts";

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [5_426, "5.3 KiB"],
    [102_297, "99.9 KiB"],
    [102_350, "100 KiB"],
    [1_048_063, "1023 KiB"],
    [1_048_064, "1.0 MiB"],
    [452_984_832, "432 MiB"],
    [3 * 1024 ** 4, "3.0 TiB"],
    [-2048, "-2.0 KiB"],
    [Number.NaN, "unknown"],
  ])("%d is %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [5_452_595, "+5.2 MiB"],
    [-1024, "-1.0 KiB"],
    [0, "no change"],
  ])("a growth of %d is %s", (bytes, text) => expect(formatBytesGrowth(bytes)).toBe(text));
});

describe("counts", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1_004, "1,004"],
    [5_912_044, "5,912,044"],
    [-83_114, "-83,114"],
    [Number.POSITIVE_INFINITY, "unknown"],
  ])("%d is %s", (count, text) => expect(formatCount(count)).toBe(text));

  it("growth carries its sign", () => {
    expect([1_004, -3, 0].map(formatCountGrowth)).toEqual(["+1,004", "-3", "no change"]);
  });

  it("one is singular, all else plural", () => {
    expect([0, 1, 2_000].map((count) => countOf(count, "entry", "entries"))).toEqual([
      "0 entries",
      "1 entry",
      "2,000 entries",
    ]);
  });
});

describe("durations", () => {
  it.each([
    [0.42, "0.4 ms"],
    [9.96, "10 ms"],
    [168.4, "168 ms"],
    [999.6, "1.0 s"],
    [1_240, "1.2 s"],
    [12_000, "12 s"],
    [59_600, "1 min"],
    [200_000, "3 min 20 s"],
    [3_600_000, "1 h"],
    [7_500_000, "2 h 5 min"],
    [274_000_000, "3 d 4 h"],
  ])("%d ms is %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe("shares", () => {
  it.each([
    [0, "0 %"],
    [0.0004, "<0.1 %"],
    [0.712, "71.2 %"],
    [0.99974, ">99.9 %"],
    [1, "100 %"],
  ])("%d is %s", (share, text) => expect(formatPercent(share)).toBe(text));

  it("what is not everything is never 100 %, with more decimals either", () => {
    expect(formatPercent(0.99974, 2)).toBe("99.97 %");
    expect(formatPercent(0.999999, 2)).toBe(">99.99 %");
  });
});

describe("shell words", () => {
  it.each([
    ["before.dwsnap", "before.dwsnap"],
    ["core shop.dwsnap", '"core shop.dwsnap"'],
    ["sys.modules['app'].cache", "\"sys.modules['app'].cache\""],
    ["x['$(reboot)']", "'x['\\''$(reboot)'\\'']'"],
    ["", "''"],
    ['say "`id`"', "'say \"`id`\"'"],
  ])("%s is written %s", (word, text) => expect(shellWord(word)).toBe(text));
});
