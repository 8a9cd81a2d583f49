import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../../src/base/format-printable.ts";
import { displayWidth, elideMiddle, wrapWords } from "../../src/base/format-width.ts";

describe("display width", () => {
  it.each([
    ["REGISTRY", 8],
    ["日本語", 6],
    ["한국어", 6],
    ["ﾊﾝｶｸ", 4],
    ["é", 1],
    ["e\u0301", 1],
    ["🇯🇵", 2],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    ["✓", 1],
    ["…", 1],
    ["█▌", 2],
    ["Ω", 1],
    ["𠮷", 2],
    ["\u200d", 0],
  ])("%s takes %i columns", (text, width) => expect(displayWidth(text)).toBe(width));
});

describe("eliding", () => {
  it("takes the middle, and keeps more of the end", () => {
    expect(elideMiddle("sys.modules['shop.sessions'].REGISTRY", 24)).toBe("sys.modules…s'].REGISTRY");
  });

  it("cuts no character in half", () => {
    expect(elideMiddle("日本語日本語", 6)).toBe("日…語");
    expect(elideMiddle("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 5)).toBe("👩‍👩‍👧…👩‍👩‍👧");
  });

  it("never exceeds the width, and changes nothing that fits", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (raw, width) => {
        const text = printable(raw);
        const shorter = elideMiddle(text, width);
        expect(displayWidth(shorter)).toBeLessThanOrEqual(width);
        if (displayWidth(text) <= width) expect(shorter).toBe(text);
      }),
    );
  });
});

describe("wrapping", () => {
  it("breaks at spaces", () => {
    expect(wrapWords("what grew, not that it keeps growing", 16)).toEqual([
      "what grew, not",
      "that it keeps",
      "growing",
    ]);
  });

  it("shortens a word that is longer than a line", () => {
    expect(wrapWords("in averyveryverylongword here", 10)).toEqual(["in", "aver…gword", "here"]);
  });
});

describe("printable", () => {
  it.each([
    ["\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m"],
    ["\u001b]0;title\u0007", "\\x1b]0;title\\x07"],
    ["a\nb\tc\r", "a\\nb\\tc\\r"],
    ["\u009b2J", "\\x9b2J"],
    ["user\u202egnp.exe", "user\\u202egnp.exe"],
    ["\ud800", "\\ud800"],
    ["tag\u{e0041}", "tag\\U000e0041"],
    ["日本語 🇯🇵 👩‍👩‍👧 naïve", "日本語 🇯🇵 👩‍👩‍👧 naïve"],
  ])("%j is shown as %j", (text, shown) => expect(printable(text)).toBe(shown));

  it("is the same when done twice", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => printable(printable(text)) === printable(text)));
  });
});
