// Whatever a target calls its things: nothing it chose reaches the terminal as a command, and no line is too long.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../src/base/format-width.ts";
import { diagnosisText } from "../../src/report/diagnosis-text.ts";
import { diffText } from "../../src/report/diff-text.ts";
import { doctorText } from "../../src/report/doctor-text.ts";
import { renderJson } from "../../src/report/json.ts";
import { snapshotText } from "../../src/report/snapshot-text.ts";
import type { TextStyle } from "../../src/report/text-style.ts";
import { topText } from "../../src/report/top-text.ts";
import { whyText } from "../../src/report/why-text.ts";
import * as diagnoses from "./example-diagnoses.ts";
import * as diffs from "./example-diffs.ts";
import * as doctors from "./example-doctors.ts";
import * as examples from "./example-reports.ts";

const HOSTILE = [
  "\u001b[2J\u001b[31m",
  "\u001b]0;owned\u0007",
  "a\nb\r\n",
  "\u009b31m",
  "\u202e\u2066x",
  "\u0000",
  "日本語🇯🇵👩‍👩‍👧".repeat(20),
  "x".repeat(500),
  "word ".repeat(80),
  "e\u0301".repeat(100),
  "\ud800",
  "",
];
const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 4 }).map((parts) => parts.join("")),
);
const RUNS = { numRuns: 40 };
const anyStyle = fc.record({ width: fc.integer({ min: 60, max: 240 }), colours: fc.boolean() });

/** The report with every text replaced: each string of the report by the next of `texts`, in turn. */
function withTexts<T>(report: T, texts: readonly string[]): T {
  let next = 0;
  const KEPT = new Set(["schema", "status", "strength", "kind", "verdict", "confidence", "cause"]);
  return JSON.parse(JSON.stringify(report), (key, value: unknown) =>
    typeof value === "string" && !KEPT.has(key) ? texts[next++ % texts.length] : value,
  ) as T;
}

type Print = (texts: readonly string[], style: TextStyle) => string;
const PRINTED: Readonly<Record<string, Print>> = {
  doctor: (texts, style) => doctorText({ ...withTexts(doctors.doctorOfRefused, texts), commands: [] }, style),
  snapshot: (texts, style) => snapshotText(withTexts(examples.snapshotOfCore, texts), style),
  top: (texts, style) => topText(withTexts(examples.topOfShop, texts), style, texts[0] ?? ""),
  "top with garbage": (texts, style) => topText(withTexts(examples.topOfWorker, texts), style, texts[0] ?? ""),
  why: (texts, style) => whyText(withTexts(examples.whyAllSessions, texts), style),
  "why at the end of a long path": (texts, style) => whyText(withTexts(examples.whyLongPath, texts), style),
  diff: (texts, style) => diffText(withTexts(diffs.diffOfEight, texts), style),
  diagnose: (texts, style) => diagnosisText(withTexts(diagnoses.diagnosisOfSuspects, texts), style),
};

// eslint-disable-next-line no-control-regex -- what must and must not be there
const OUR_COLOURS = /\u001b\[(?:0|1|2|32|33|36|1;31)m/g;
// eslint-disable-next-line no-control-regex -- the same
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const COMMAND = /^ {4}deadweight /;

describe.each(Object.entries(PRINTED))("%s", (_, print) => {
  it("prints no control character but its own colours", () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 12 }), anyStyle, (texts, style) => {
        const text = print(texts, style);
        expect((style.colours ? text.replaceAll(OUR_COLOURS, "") : text).match(CONTROL)).toBeNull();
      }),
      RUNS,
    );
  });

  it("prints no line wider than the terminal, but for commands to copy", () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 12 }), anyStyle, (texts, style) => {
        const lines = print(texts, { ...style, colours: false }).split("\n");
        const tooWide = lines.filter((line) => !COMMAND.test(line) && displayWidth(line) > style.width);
        expect(tooWide).toEqual([]);
      }),
      RUNS,
    );
  });

  it("colours change nothing but colours", () => {
    const style = { width: 100, colours: true };
    expect(print(["a b", "日本語"], style).replaceAll(OUR_COLOURS, "")).toBe(
      print(["a b", "日本語"], { ...style, colours: false }),
    );
  });
});

describe("json", () => {
  it("is one document that means what the report means, with nothing a terminal obeys", () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 12 }), (texts) => {
        const report = withTexts(examples.whyAllSessions, texts);
        const text = renderJson(report);
        expect(text.match(CONTROL)).toBeNull();
        expect(JSON.parse(text)).toEqual(report);
      }),
      RUNS,
    );
  });
});
