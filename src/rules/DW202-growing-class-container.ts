// Page: docs/rules/DW202-growing-class-container.md

import type { ContainerDefinition } from "../python/definitions.ts";
import type { ModuleFacts } from "../python/facts.ts";
import type { Project } from "../python/project.ts";
import { growthFinding } from "./growing-containers/growth-finding.ts";
import { growthOf } from "./growing-containers/growth.ts";
import { defineRule, type Rule } from "./rule.ts";

export const growingClassContainer: Rule = defineRule<never>({
  code: "DW202",
  name: "growing-class-container",
  cause: "L17",
  summary:
    "A container in the body of a class is shared by all instances: what they add to it outlives every one of them.",
  twins: ["RUF012"],
  bestConfidence: "certain",
  judge: (_, project) =>
    project.containers.flatMap((container) => {
      if (container.fact.holder !== "class-attribute" || !isOfClass(project, container)) return [];
      const growth = growthOf(project, container);
      if (growth === null) return [];
      const subject = `\`${container.name}\`, which all instances of the class share,`;
      return [growthFinding(project, growth, { subject, fix: FIX })];
    }),
});

const FIX =
  "Make it in `__init__` (`self.name = ...`) if each instance should have its own; if it is meant to be shared, bound it or delete entries when what they are about ends.";

/** Pydantic, SQLModel and msgspec give every instance a copy of the default. */
const COPIES_DEFAULTS = /(?:^|\.)(?:BaseModel|BaseSettings|SQLModel|Struct)$/;

/** Attributes of an object that a function has in a local name belong to that object. */
function isOfClass(project: Project, { name, fact, module }: ContainerDefinition): boolean {
  if (fact.path.includes("<locals>")) return false;
  const owner = project.classOf(name.slice(0, name.lastIndexOf(".")));
  if (owner === null) return false;
  const bases = project.ancestry(owner.name).slice(1);
  return !bases.some((base) => COPIES_DEFAULTS.test(base) || (isForeign(project, base) && usesModels(module)));
}

/** What a class of another package does with its attributes is not in sight. */
function isForeign(project: Project, base: string): boolean {
  return (
    base.includes(".") && !/^(?:abc|typing|enum|threading|collections)\./.test(base) && project.classOf(base) === null
  );
}

function usesModels({ imports }: ModuleFacts): boolean {
  return imports.some(({ target }) => /^(?:pydantic|sqlmodel|msgspec)(?:\.|$)/.test(target));
}
