// Page: docs/rules/DW201-growing-module-container.md

import { growthFinding } from "./growing-containers/growth-finding.ts";
import { growthOf, type Growth } from "./growing-containers/growth.ts";
import { defineRule, type Rule } from "./rule.ts";

export const growingModuleContainer: Rule = defineRule<never>({
  code: "DW201",
  name: "growing-module-container",
  cause: "L1",
  summary:
    "A container of a module that is written to while the program runs and never emptied grows until the process ends.",
  twins: [],
  bestConfidence: "certain",
  judge: (_, project) =>
    project.containers.flatMap((container) => {
      if (container.fact.holder !== "module-global") return [];
      const growth = growthOf(project, container);
      if (growth === null || isRebound(growth)) return [];
      return [growthFinding(project, growth, { subject: `\`${container.name}\`` })];
    }),
});

/** `global X; X += [...]` is DW206. */
function isRebound({ container, writes: [{ site }] }: Growth): boolean {
  const isSame = site.module === container.module && container.fact.family === "sequence";
  return isSame && (site.fact.how === "+=" || site.fact.how === "= +");
}
