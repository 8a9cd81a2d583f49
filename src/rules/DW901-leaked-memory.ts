// Page: docs/rules/DW901-leaked-memory.md

import type { CLeak } from "../csource/c-file-facts.ts";
import type { Confidence } from "../model/finding.ts";
import { defineCRule, pathOf } from "./c-evidence.ts";
import type { FindingDraft, Rule } from "./rule.ts";

export const leakedMemory: Rule = defineCRule({
  code: "DW901",
  name: "leaked-memory",
  cause: "L16",
  summary: "Memory from malloc that a path neither frees nor hands over is lost to the process.",
  twins: [],
  bestConfidence: "likely",
  judgeC: ({ files }) =>
    files.flatMap(({ leaks }) => leaks.filter(({ what }) => what === "memory").map((leak) => draftOf(leak))),
});

function draftOf(leak: CLeak): FindingDraft {
  const name = leak.holder === null ? "The block" : `\`${leak.holder}\``;
  return {
    at: leak.site,
    message: `${name} from \`${leak.maker}\` is ${endOf(leak)}: ${leak.isModuleSetUp ? "the block is lost, once per import" : "each such call loses the block"}.`,
    holder: null,
    confidence: confidenceOf(leak),
    bound: leak.isModuleSetUp ? "one block per import" : "one block per call that takes this path",
    related: pathOf(leak),
    fix: { text: `Free it before the path ends, or go to the label that frees it.`, safety: "none", edits: [] },
  };
}

function endOf({ loss, at, inFunction }: CLeak): string {
  switch (loss) {
    case "return":
      return `not freed when \`${inFunction}\` returns at line ${at.line}`;
    case "overwritten":
      return `overwritten at line ${at.line} before it is freed`;
    case "ignored":
      return "not kept by anybody";
    case "argument":
      return "passed on without a variable that could free it";
    default:
      return loss satisfies never;
  }
}

function confidenceOf(leak: CLeak): Confidence {
  if (leak.isModuleSetUp) return "possible";
  return leak.isSettledElsewhere || leak.isFailure ? "likely" : "possible";
}
