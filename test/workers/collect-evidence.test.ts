import { describe, expect, it } from "vitest";

import { defineRule, type Rule, type RuleFacts, type Visitors } from "../../src/rules/rule.ts";
import { collectEvidence, visitorTable } from "../../src/workers/collect-evidence.ts";
import { readPython } from "../support/python-source.ts";

const FACTS: Omit<RuleFacts, "code"> = { name: "r", cause: "L1", summary: "", twins: [], bestConfidence: "certain" };

function rule(code: string, collect: Visitors<string>): Rule {
  return defineRule<string>({ ...FACTS, code, collect, judge: () => [] });
}

function collected(text: string, rules: readonly Rule[]): ReturnType<typeof collectEvidence> {
  return collectEvidence(readPython(text).view, visitorTable(rules), () => undefined);
}

describe("one walk for all rules", () => {
  it("shows each rule the nodes it asked for, in the order of the source", () => {
    const names = rule("DW1", { name: ({ id }, _file, found) => found(id) });
    const both = rule("DW2", {
      call: (_node, _file, found) => found("call"),
      constant: ({ text }, _file, found) => found(text),
    });
    expect(collected("f(g(1))\n", [names, both]).evidence).toEqual({ DW1: ["f", "g"], DW2: ["call", "call", "1"] });
  });

  it("goes on without a rule that throws, keeps what it found, and says where it was", () => {
    const other = rule("DW1", { name: ({ id }, _file, found) => found(id) });
    const failing = rule("DW2", {
      name: ({ id }, _file, found) => {
        if (id === "b") throw new Error("no b");
        found(id);
      },
    });
    const { evidence, problems } = collected("a\nb\nc\n", [failing, other]);
    expect(evidence).toEqual({ DW1: ["a", "b", "c"], DW2: ["a"] });
    expect(problems).toEqual([
      expect.objectContaining({ line: 2, column: 1, message: expect.stringContaining("DW2") as string }),
    ]);
  });
});
