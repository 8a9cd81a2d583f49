import { describe, expect, it } from "vitest";
import { nextLines, sourceWord, whyCommand } from "../../src/report/next-command.ts";
import { shareBar } from "../../src/report/share-bar.ts";

describe("the next command", () => {
  it.each([
    ["shop.dwsnap", "shop.dwsnap"],
    ["4711", "./4711"],
    ["-v.dwsnap", "./-v.dwsnap"],
    ["/var/crash/core 1", '"/var/crash/core 1"'],
  ])("a file %s is given as %s", (file, word) => expect(sourceWord(file)).toBe(word));

  it("quotes what the target chose", () => {
    expect(whyCommand("4711", "x['$(reboot)']")).toBe("deadweight why 4711 'x['\\''$(reboot)'\\'']'");
  });
  it("is left out when there is nothing to ask, or nobody would copy it", () => {
    expect(whyCommand("4711", undefined)).toBeNull();
    expect(whyCommand("4711", "x".repeat(300))).toBeNull();
    expect(nextLines(null)).toEqual([]);
  });
});

describe("a share as a bar", () => {
  it.each([
    [0, ""],
    [0.0001, "▏"],
    [0.5, "████"],
    [0.712, "█████▊"],
    [1, "████████"],
    [1.5, "████████"],
    [Number.NaN, ""],
  ])("%d", (share, bar) => expect(shareBar(share, 8)).toBe(bar));
});
