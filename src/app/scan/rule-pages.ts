// The pages of the rules: docs/rules/DW101-unbounded-cache.md, packed with the tool.

import { readFileSync } from "node:fs";
import type { RuleCard } from "../../model/rule-card.ts";
import { ALL_RULES } from "../../rules/all-rules.ts";

/** Every rule, by code. */
export function ruleCards(): readonly RuleCard[] {
  return ALL_RULES.map(({ code, name, cause, summary, twins }) => ({ code, name, cause, summary, twins }));
}

/** The rule's page as Markdown; null when there is no such rule, or its page is not installed. */
export function rulePage(code: string): string | null {
  const card = ALL_RULES.find((rule) => rule.code === code.toUpperCase() || rule.name === code.toLowerCase());
  if (card === undefined) return null;
  try {
    return readFileSync(new URL(`../../../docs/rules/${card.code}-${card.name}.md`, import.meta.url), "utf8");
  } catch {
    // A tool without its documents still scans.
    return null;
  }
}
