// What can be asked for, and how it is spelled.

import { describe, expect, it } from "vitest";
import { explainTopic } from "../../../src/app/explain/explain-topic.ts";
import { pageOf } from "../../../src/app/explain/page-sections.ts";
import type { Topic } from "../../../src/model/explanation.ts";

function explained(asked: string): Topic | undefined {
  const report = explainTopic(asked);
  return report.ok ? report.value.topics[0] : undefined;
}

describe("a topic", () => {
  it.each([
    ["L7", "L7"],
    ["l07", "L7"],
    ["Reference cycles", "L7"],
    ["dw101", "DW101"],
    ["unbounded-cache", "DW101"],
    ["Fragmentation", "fragmentation"],
    ["warm-up", "warm-up"],
    ["warm up", "warm-up"],
  ])("%s is %s", (asked, id) => expect(explained(asked)?.id).toBe(id));

  it("that does not exist is said, with what to do", () => {
    expect(explainTopic("L99")).toEqual({
      ok: false,
      error: "there is no cause, verdict or rule 'L99'; 'deadweight explain' lists them",
    });
  });

  it("has the sections of its page, the rules that find it and the libraries that have it", () => {
    const cycles = explained("L7");
    expect(cycles?.sections.map((each) => each.title)).toContain("What is wrongly believed");
    expect(cycles?.rules).toContain("DW308");
    expect(explained("L13")?.knownLeaks).toContain("paddle-null-logger");
    expect(explained("DW308")?.cause).toBe("L7");
  });

  it.each(["fragmentation", "filling", "load", "warm-up", "native"])("%s says what the remedy gains", (word) => {
    const topic = explained(word);
    const text = `${topic?.summary} ${topic?.sections.map((each) => each.text).join(" ")}`;
    expect(text).toMatch(/gain/);
  });
});

it("without a topic, all causes and verdicts are listed, each with its summary", () => {
  const report = explainTopic(null);
  const topics = report.ok ? report.value.topics : [];
  expect(topics.map((each) => each.id)).toEqual([
    ...Array.from({ length: 18 }, (_, at) => `L${at + 1}`),
    "fragmentation",
    "filling",
    "load",
    "warm-up",
    "native",
  ]);
  expect(topics.filter((each) => each.summary === "" || each.sections.length > 0)).toEqual([]);
});

it("headings in fenced blocks are no sections", () => {
  const page = pageOf("# T name\n\nOne\nline.\n\nMore.\n\n## A\n\n```sh\n## not\n```\n\n## B\n\ntext\n");
  expect(page).toEqual({
    title: "T name",
    summary: "One line.",
    sections: [
      { title: "", text: "More." },
      { title: "A", text: "```sh\n## not\n```" },
      { title: "B", text: "text" },
    ],
  });
});
