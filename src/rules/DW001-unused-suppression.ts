// Page: docs/rules/DW001-unused-suppression.md. Whether a comment suppresses something is known only after all rules have
// judged, so the findings are made there (app/scan/apply-suppressions.ts); this is the rule's place in lists.

import { defineRule, type Rule } from "./rule.ts";

export const unusedSuppression: Rule = defineRule({
  code: "DW001",
  name: "unused-suppression",
  cause: "none",
  summary: "A comment that suppresses nothing hides the next finding on its line.",
  twins: ["RUF100"],
  bestConfidence: "certain",
  judge: () => [],
});
