// Page: docs/rules/DW204-mutated-default-argument.md

import type { Confidence, RelatedLocation, SourceRange, TextEdit } from "../model/finding.ts";
import { circumstancesOf } from "../python/circumstances.ts";
import { containerValue } from "../python/container-values.ts";
import { rangeAt } from "../python/facts.ts";
import type { FileView } from "../python/file-view.ts";
import { namedPlace, pathOfScope } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import type { Expression, FunctionDef, Name, Node, Parameter } from "../python/tree.ts";
import { useOfPlace } from "../python/use-of-place.ts";
import { usesOf } from "../python/uses-of.ts";
import { leavesOut } from "./growing-containers/left-out-argument.ts";
import { noneForDefault } from "./growing-containers/none-for-default.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A parameter whose default value is a container that the function changes or gives away. */
interface MutableDefault {
  /** Absolute name of the function. */
  readonly function: string;
  readonly parameter: string;
  readonly type: string;
  readonly at: SourceRange;
  /** Where the function itself adds to it. */
  readonly growth: readonly SourceRange[];
  /** Attributes that it is stored in: `app.Cart.items`. */
  readonly stored: readonly { readonly name: string; readonly at: SourceRange }[];
  readonly edits: readonly TextEdit[];
}

export const mutatedDefaultArgument: Rule = defineRule<MutableDefault>({
  code: "DW204",
  name: "mutated-default-argument",
  cause: "L17",
  summary: "A default value is made once: what a call adds to it is there for all later calls and is never freed.",
  twins: ["B006", "W0102"],
  bestConfidence: "likely",
  collect: {
    function: (node, file, found) => {
      for (const parameter of node.parameters) {
        const evidence = mutableDefault(file, node, parameter);
        if (evidence !== null) found(evidence);
      }
    },
  },
  judge: (found, project) => found.flatMap((each) => judged(each, project) ?? []),
});

function mutableDefault(file: FileView, node: FunctionDef, parameter: Parameter): MutableDefault | null {
  const made = parameter.defaultValue === null ? null : containerValue(file, parameter.defaultValue);
  if (made === null || made.bound !== null || made.family === "weak") return null;
  const scope = file.scopes.openedBy(node);
  const variable = scope.variables.get(parameter.name);
  // Bound again (`x = list(x)`), it may be another object; `x += [...]` changes the same one.
  if (variable === undefined || variable.bindings.some(({ how }) => how !== "parameter" && how !== "augmented"))
    return null;
  const uses = usesOf(file, variable).map((use) => ({ use, done: useOfPlace(use) }));
  if (uses.some(({ done }) => done?.action === "remove")) return null;
  const isList = made.family === "sequence";
  const growth = uses.flatMap(({ use, done }) => {
    if (isWhileEmpty(file, use)) return [];
    if (done === null || done.action !== "grow" || (isList && done.how.startsWith("[]") && !done.how.includes(".")))
      return [];
    return done.key?.kind === "constant" || hasConstantKeys(done.node) ? [] : [file.rangeOf(done.node)];
  });
  const stored = uses.flatMap(({ use }) => storedIn(file, use));
  if (growth.length === 0 && stored.length === 0) return null;
  const { name } = parameter;
  const edits = noneForDefault(file, node, parameter);
  return {
    function: pathOfScope(file, scope),
    parameter: name,
    type: made.type,
    at: file.rangeOf(parameter),
    growth,
    stored,
    edits,
  };
}

/** `x.update({"limit": n})` puts one entry there, however often it is called. */
function hasConstantKeys(node: Node): boolean {
  if (node.kind !== "call" || node.callee.kind !== "attribute" || node.callee.name !== "update") return false;
  return node.arguments.every(({ name, star, value }) => {
    if (name !== null && star === "") return true;
    return value.kind === "dict" && value.entries.every(({ key }) => key?.kind === "constant");
  });
}

/** Under `if not x:` it is filled once, and then it is not empty any more. */
function isWhileEmpty(file: FileView, use: Name): boolean {
  const isEmptyTest = (test: Expression): boolean => {
    if (test.kind !== "operation") return false;
    if (test.op === "and") return test.operands.some(isEmptyTest);
    return test.op === "not" && test.operands.some((each) => each.kind === "name" && each.id === use.id);
  };
  return circumstancesOf(file, use).tests.some(isEmptyTest);
}

/** `self.items = items`. */
function storedIn(file: FileView, use: Name): readonly { readonly name: string; readonly at: SourceRange }[] {
  const { parent } = use;
  if (parent?.kind !== "assign" || parent.value !== use) return [];
  return parent.targets.flatMap((target) => {
    const place = target.kind === "attribute" ? namedPlace(file, target) : null;
    return place === null || !place.name.startsWith(`${file.module}.`)
      ? []
      : [{ name: place.name, at: file.rangeOf(parent) }];
  });
}

function judged(evidence: MutableDefault, project: Project): FindingDraft | null {
  const definition = project.functionOf(evidence.function);
  if (definition === null || definition.module.isTest || project.isImportTimeOnly(definition)) return null;
  // The defaults of an inner function go with it.
  if (definition.fact.outer !== undefined && definition.fact.escapes !== true) return null;
  const [own] = evidence.growth;
  const elsewhere = own === undefined ? growthElsewhere(evidence, project) : null;
  if (own === undefined && elsewhere === null) return null;
  const { parameter, type } = evidence;
  const isLeftOut = leavesOut(project, definition, parameter);
  const message =
    elsewhere === null
      ? `The default of \`${parameter}\` in \`${evidence.function}\` is one ${type} for all calls: those that leave it out add to it, and nothing takes anything out.`
      : `The default of \`${parameter}\` in \`${evidence.function}\` is one ${type} that becomes \`${elsewhere.name}\` of every object made without it: what one adds, all keep.`;
  return {
    at: evidence.at,
    message,
    holder: evidence.function,
    // The default of an inner function is as old as that function: keeping state there may be what it is for.
    confidence: definition.fact.outer === undefined ? confidenceOf(parameter, isLeftOut) : "possible",
    bound: `what all calls without ${parameter} add`,
    related: [
      ...(elsewhere?.related ?? []),
      ...evidence.growth.slice(0, 2).map((at) => ({ ...at, message: "is changed here" })),
      { ...evidence.at, message: "is made here, once, when the function is defined" },
    ],
    fix: {
      text: `Use None as the default and make the ${type} inside: \`if ${parameter} is None: ${parameter} = ...\`.`,
      safety: evidence.edits.length === 0 ? "none" : "unsafe",
      edits: evidence.edits,
    },
  };
}

/** People who call it a cache mean it; calls that all give the argument leave the default alone. */
function confidenceOf(parameter: string, isLeftOut: boolean): Confidence {
  return /cache|memo|seen|registry/i.test(parameter) || parameter.startsWith("_") || !isLeftOut ? "possible" : "likely";
}

/** A place that adds to an attribute which holds the default. */
function growthElsewhere(
  { stored }: MutableDefault,
  project: Project,
): { readonly name: string; readonly related: readonly RelatedLocation[] } | null {
  for (const { name, at } of stored) {
    const wanted = project.resolve(name);
    for (const file of project.files) {
      const sites = file.sites.filter((site) => project.resolve(site.on) === wanted);
      const growth = sites.find(({ action, how }) => action === "grow" && !/^\[\]\+?=/.test(how));
      if (growth === undefined || sites.some(({ action }) => action === "remove")) continue;
      return {
        name,
        related: [
          { ...at, message: "is stored here" },
          { ...rangeAt(file.path, growth.at), message: "is changed here" },
        ],
      };
    }
  }
  return null;
}
