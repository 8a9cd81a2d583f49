// What `deadweight explain` prints for people.

import { describe, expect, it } from "vitest";
import { explainTopic } from "../../src/app/explain/explain-topic.ts";
import { displayWidth } from "../../src/base/format-width.ts";
import { explainText } from "../../src/report/explain-text.ts";
import { expectGolden } from "../golden/expect-golden.ts";
import { explainOfAll, explainOfCycles } from "./example-explanations.ts";

const STYLE = { width: 80, colours: false };

describe("explain", () => {
  it("a topic", () => expectGolden("report/explain-cycles.txt", explainText(explainOfCycles, STYLE)));
  it("a topic in colour", () =>
    expectGolden("report/explain-cycles.ansi.txt", explainText(explainOfCycles, { width: 60, colours: true })));
  it("the list", () => expectGolden("report/explain-list.txt", explainText(explainOfAll, STYLE)));

  it("every page fits the terminal, but for code, which is never wrapped", () => {
    const list = explainTopic(null);
    const ids = list.ok ? list.value.topics.map((each) => each.id) : [];
    expect(ids.length).toBeGreaterThan(18);
    for (const id of ids) {
      const report = explainTopic(id);
      const lines = report.ok ? explainText(report.value, STYLE).split("\n") : [];
      expect(lines.length).toBeGreaterThan(3);
      const tooWide = lines.filter((line) => displayWidth(line) > STYLE.width && !line.startsWith("    "));
      expect(tooWide, id).toEqual([]);
    }
  });
});
