// Page: docs/rules/DW902-leaked-reference.md

import type { CLeak } from "../csource/c-file-facts.ts";
import type { Confidence } from "../model/finding.ts";
import { defineCRule, pathOf } from "./c-evidence.ts";
import type { FindingDraft, Rule } from "./rule.ts";

export const leakedReference: Rule = defineCRule({
  code: "DW902",
  name: "leaked-reference",
  cause: "L16",
  summary: "A new reference that a path neither releases nor gives away keeps its object for the life of the process.",
  twins: [],
  bestConfidence: "certain",
  judgeC: ({ files }) =>
    files.flatMap(({ leaks }) => leaks.filter(({ what }) => what === "reference").map((leak) => draftOf(leak))),
});

function draftOf(leak: CLeak): FindingDraft {
  const often = leak.isModuleSetUp ? "one object is kept per import" : "each such call keeps one object";
  return {
    at: leak.site,
    message: `${subjectOf(leak)} ${endOf(leak)}: ${often}.`,
    holder: null,
    confidence: confidenceOf(leak),
    bound: leak.isModuleSetUp ? "one object per import" : "one object per call that takes this path",
    related: pathOf(leak),
    fix: { text: fixOf(leak), safety: "none", edits: [] },
  };
}

function subjectOf({ holder, maker }: CLeak): string {
  return holder === null
    ? `The new reference from \`${maker}\``
    : `The new reference from \`${maker}\` in \`${holder}\``;
}

function endOf({ loss, at, inFunction, takenBy }: CLeak): string {
  switch (loss) {
    case "return":
      return `is not released when \`${inFunction}\` returns at line ${at.line}`;
    case "overwritten":
      return `is overwritten at line ${at.line} before it is released`;
    case "ignored":
      return "is dropped: nobody keeps the result";
    case "argument":
      return `is passed to \`${takenBy}\`, which does not take it over`;
    default:
      return loss satisfies never;
  }
}

function confidenceOf(leak: CLeak): Confidence {
  if (leak.isModuleSetUp || /INCREF|IncRef|NewRef/.test(leak.maker)) return "possible";
  return leak.loss === "ignored" || leak.loss === "argument" ? "certain" : "likely";
}

function fixOf({ loss, holder, takenBy }: CLeak): string {
  const name = holder ?? "it";
  if (loss === "ignored") return "Keep the result, test it for NULL, and release it with `Py_DECREF`.";
  if (loss === "argument") return `Put it in a variable, and release that with \`Py_DECREF\` after \`${takenBy}\`.`;
  if (loss === "overwritten") return `Call \`Py_DECREF(${name})\` before, or use \`Py_SETREF\`.`;
  return `Call \`Py_DECREF(${name})\` on this path, or go to the label that does.`;
}
