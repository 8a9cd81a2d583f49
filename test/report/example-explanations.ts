// Answers of `deadweight explain` that tests of reports and commands share.

import type { ExplainReport, Topic } from "../../src/model/explanation.ts";

const CYCLES: Topic = {
  id: "L7",
  kind: "cause",
  name: "reference cycles",
  summary: "Objects that refer to each other are freed by the collector, not by reference counts.",
  cause: "L7",
  rules: ["DW307", "DW308"],
  knownLeaks: ["shop-cycles"],
  sections: [],
};

export const explainOfAll: ExplainReport = {
  schema: "deadweight/explain@1",
  topics: [
    CYCLES,
    { ...CYCLES, id: "load", kind: "verdict", name: "load", cause: "L18", summary: "It follows `work`.", rules: [] },
  ],
};

export const explainOfCycles: ExplainReport = {
  schema: "deadweight/explain@1",
  topics: [
    {
      ...CYCLES,
      sections: [
        { title: "", text: "Measured on **every** version." },
        {
          title: "Confirm",
          text: "`deadweight doctor PID` says whether the collector is on, which is the first thing to know about a process that grows.\n\n```python\nimport gc\n\nassert gc.isenabled()\n```\n\n1. See [L1](L01.md).\n2. Or not.\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        },
      ],
    },
  ],
};
