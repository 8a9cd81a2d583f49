// Page: docs/rules/DW903-singleton-without-reference.md

import type { CFileFacts, CShortage } from "../csource/c-file-facts.ts";
import { defineCRule, runsOnlySince } from "./c-evidence.ts";
import type { CProject, FindingDraft, Rule } from "./rule.ts";

export const singletonWithoutReference: Rule = defineCRule({
  code: "DW903",
  name: "singleton-without-reference",
  cause: "L16",
  summary:
    "`return Py_None` without a new reference takes one away that somebody else owns; before Python 3.12 the interpreter aborts in the end.",
  twins: [],
  bestConfidence: "certain",
  judgeC: (project) =>
    runsOnlySince(project.targetVersion, "3.12") ? [] : project.files.flatMap((file) => judgeFile(file, project)),
});

function judgeFile({ shortages }: CFileFacts, project: CProject): FindingDraft[] {
  return shortages.filter((each) => isTold(each, project)).map(draftOf);
}

/** Other functions may have a contract of their own: "returns a borrowed None when there is nothing". */
function isTold({ into, field, isCalledByPython }: CShortage, project: CProject): boolean {
  switch (into) {
    case "return":
      return isCalledByPython;
    case "container":
      return true;
    case "field":
      return project.files.some(({ fieldReleases }) =>
        fieldReleases.some((release) => release.how === "release" && release.field === field),
      );
    case "elsewhere":
      return false;
    default:
      return into satisfies never;
  }
}

function draftOf({ name, at, into, inFunction, isModuleSetUp }: CShortage): FindingDraft {
  const what = into === "return" ? `\`${inFunction}\` returns \`${name}\`` : `\`${inFunction}\` stores \`${name}\``;
  return {
    at,
    message: `${what} without a new reference: each call takes one away from it, which is harmless from Python 3.12 on (PEP 683) and ends in "deallocating None" before.`,
    holder: null,
    confidence: into === "field" || isModuleSetUp ? "possible" : "certain",
    bound: "one reference too few per call",
    related: [],
    fix: { text: fixOf(into, name), safety: "none", edits: [] },
  };
}

function fixOf(into: CShortage["into"], name: string): string {
  if (into !== "return") return `Write \`Py_NewRef(${name})\`, or \`Py_INCREF(${name})\` before.`;
  const macro = { Py_None: "NONE", Py_True: "TRUE", Py_False: "FALSE", Py_NotImplemented: "NOTIMPLEMENTED" }[name];
  return macro === undefined ? `Return \`Py_NewRef(${name})\`.` : `Write \`Py_RETURN_${macro};\`.`;
}
