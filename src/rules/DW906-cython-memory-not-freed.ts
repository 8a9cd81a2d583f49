// Page: docs/rules/DW906-cython-memory-not-freed.md

import type { CythonAllocation } from "../csource/c-file-facts.ts";
import { defineCRule } from "./c-evidence.ts";
import type { FindingDraft, Rule } from "./rule.ts";

export const cythonMemoryNotFreed: Rule = defineCRule({
  code: "DW906",
  name: "cython-memory-not-freed",
  cause: "L16",
  summary: "C memory that Cython code allocates is not freed with the object or on every way out of the function.",
  twins: [],
  bestConfidence: "possible",
  judgeC: ({ files }) => files.flatMap(({ allocations }) => allocations.map((each) => draftOf(each))),
});

function draftOf(allocation: CythonAllocation): FindingDraft {
  const isField = allocation.target.startsWith("self.");
  return {
    at: allocation.at,
    message: `\`${allocation.target}\` from \`${allocation.maker}\` ${reasonOf(allocation)}.`,
    holder: null,
    confidence: "possible",
    bound: isField ? "one block per object" : "one block per call",
    related: [],
    fix: {
      text: isField
        ? `Free it in \`__dealloc__\`, which Cython calls once for every object.`
        : `Put the code after it into \`try\` and free it in \`finally\`.`,
      safety: "none",
      edits: [],
    },
  };
}

function reasonOf({ reason, inClass, inFunction }: CythonAllocation): string {
  switch (reason) {
    case "never-freed":
      return `is freed nowhere in \`${inClass ?? inFunction}\``;
    case "not-in-finally":
      return `is not freed when \`${inFunction}\` leaves early: there is no \`finally\``;
    case "no-dealloc":
      return `is freed by a method, but \`${inClass ?? ""}\` has no \`__dealloc__\``;
    default:
      return reason satisfies never;
  }
}
