// A curve as blocks: never wider than it may be, and it shows what is marked.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curvePicture } from "../../src/report/curve-picture.ts";
import { lineWidth } from "../../src/report/text-style.ts";

const anyColumn = fc.record({
  height: fc.double({ min: -0.1, max: 1.1, noNaN: true }),
  label: fc.nat({ max: 10_000_000 }).map(String),
  mark: fc.constantFrom("none" as const, "now" as const, "offer" as const),
});

describe("the picture of a curve", () => {
  it("fits", () => {
    fc.assert(
      fc.property(fc.array(anyColumn, { maxLength: 120 }), fc.integer({ min: 20, max: 200 }), (columns, width) => {
        for (const line of curvePicture(columns, width)) expect(lineWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
  it("is as high as the share, and says where one is", () => {
    const text = curvePicture(
      [
        { height: 0.5, label: "10", mark: "now" },
        { height: 1, label: "20", mark: "offer" },
      ],
      20,
    ).map((line) =>
      line
        .map((each) => each.text)
        .join("")
        .trimEnd(),
    );
    expect(text[0]).toBe(" 100 % ┤   ███");
    expect(text[4]).toBe("  50 % ┤██████");
    expect(text[8]).toBe("       └▲──△──");
    expect(text[9]).toBe("        10 20");
  });
});
