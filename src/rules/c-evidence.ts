// What rules about C say alike: where a path went, and how they are declared.

import type { CDecision, CLeak } from "../csource/c-file-facts.ts";
import type { RelatedLocation } from "../model/finding.ts";
import { defineRule, type CProject, type FindingDraft, type Rule, type RuleFacts } from "./rule.ts";

/** A rule that reads no Python. */
export function defineCRule(
  facts: RuleFacts & { readonly judgeC: (project: CProject) => readonly FindingDraft[] },
): Rule {
  return defineRule<never>({ ...facts, judge: () => [] });
}

/** The decisions on the way, then where it is lost. */
export function pathOf(leak: CLeak): RelatedLocation[] {
  const steps = leak.decisions.map((decision: CDecision) => ({
    file: decision.file,
    line: decision.line,
    column: decision.column,
    endLine: decision.endLine,
    endColumn: decision.endColumn,
    message: `\`${shortened(decision.test)}\` is ${decision.truth ? "true" : "false"} here`,
  }));
  if (leak.loss === "ignored" || leak.loss === "argument") return steps;
  const end = leak.loss === "overwritten" ? "the variable gets another value here" : "the function returns here";
  return [...steps, { ...leak.at, message: end }];
}

const LONGEST = 60;

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
}

/** Says whether the program never runs on a Python older than `version`: "3.12". */
export function runsOnlySince(targetVersion: string | null, version: string): boolean {
  if (targetVersion === null) return false;
  const [major = 0, minor = 0] = targetVersion.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = version.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
