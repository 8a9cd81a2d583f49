// Page: docs/rules/DW206-global-rebinding-growth.md

import type { Confidence, SourceRange } from "../model/finding.ts";
import { circumstancesOf } from "../python/circumstances.ts";
import { containerValue } from "../python/container-values.ts";
import { SITE } from "../python/facts.ts";
import type { FileView } from "../python/file-view.ts";
import { assignedValue, pathOfScope } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import type { Variable } from "../python/scope.ts";
import { lookUp } from "../python/scopes.ts";
import type { Expression, Name, Node } from "../python/tree.ts";
import { usesOf } from "../python/uses-of.ts";
import { strengthPerCall } from "./growing-containers/growing-write.ts";
import { isRegistration } from "./growing-containers/registration.ts";
import { runningContext } from "./growing-containers/running-context.ts";
import { removalsFrom } from "./growing-containers/removals.ts";
import { nothingElse } from "./cached-functions/call-arguments.ts";
import { wayHere } from "./growing-containers/way-here.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A function that makes a variable of its module longer: `global LOG; LOG += line`. */
interface Lengthening {
  /** Absolute name of the variable. */
  readonly variable: string;
  readonly type: "str" | "bytes" | "tuple" | "list";
  readonly function: string;
  readonly at: SourceRange;
  readonly bound: SourceRange;
  readonly isInEndlessLoop: boolean;
}

export const globalRebindingGrowth: Rule = defineRule<Lengthening>({
  code: "DW206",
  name: "global-rebinding-growth",
  cause: "L2",
  summary: "A variable of a module that functions make longer and never start anew grows until the process ends.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    "aug-assign": (node, file, found) => {
      if (node.op === "+" && node.target.kind === "name") report(file, node.target, node, found);
    },
    assign: (node, file, found) => {
      const [target] = node.targets;
      if (target?.kind === "name" && node.value !== null && addsTo(target, node.value))
        report(file, target, node, found);
    },
  },
  judge: (found, project) => {
    const variables = new Map<string, Lengthening[]>();
    for (const each of found) variables.set(each.variable, [...(variables.get(each.variable) ?? []), each]);
    return [...variables.values()].flatMap((writes) => judged(writes, project) ?? []);
  },
});

/** `X + more` and `[*X, more]`. */
function addsTo(target: Name, value: Expression): boolean {
  const isSame = (part: Expression): boolean => part.kind === "name" && part.id === target.id;
  if (value.kind === "operation") return value.op === "+" && value.operands.some(isSame);
  return value.kind === "display" && value.elements.some((part) => part.kind === "starred" && isSame(part.value));
}

function report(file: FileView, target: Name, node: Node, found: (evidence: Lengthening) => void): void {
  const scope = file.scopes.scopeOf(target);
  if (file.isTest || scope.kind === "module" || !scope.globals.has(target.id)) return;
  const variable = lookUp(file.scopes.module, target.id);
  const type = variable === null ? null : typeOf(file, variable);
  if (variable === null || type === null || startsAnew(variable) || isMeasured(file, variable)) return;
  const [first] = variable.bindings;
  const { function: around, flags } = circumstancesOf(file, node);
  if (first === undefined || around === null) return;
  found({
    variable: `${file.module}.${variable.name}`,
    type,
    function: pathOfScope(file, file.scopes.openedBy(around)),
    at: file.rangeOf(node),
    bound: file.rangeOf(first.node),
    isInEndlessLoop: (flags & SITE.endless) !== 0,
  });
}

/** Of what the module's body binds; null for numbers and what is unknown. */
function typeOf(file: FileView, { bindings }: Variable): Lengthening["type"] | null {
  const [first] = bindings;
  const value = first?.from.kind === "module" ? assignedValue(first) : null;
  if (value?.kind === "constant") return value.type === "str" || value.type === "bytes" ? value.type : null;
  if (value?.kind === "display" && value.type === "tuple") return "tuple";
  return value !== null && containerValue(file, value)?.type === "list" ? "list" : null;
}

/** A function binds it to something that it is not part of. */
function startsAnew({ bindings }: Variable): boolean {
  return bindings.some((binding) => {
    if (binding.from.kind === "module" || binding.how === "augmented") return false;
    const value = assignedValue(binding);
    return value === null || binding.node.kind !== "name" || !addsTo(binding.node, value);
  });
}

/** `len(X)` somewhere: perhaps a bound of its own. */
function isMeasured(file: FileView, variable: Variable): boolean {
  return usesOf(file, variable).some(({ parent }) => {
    const call = parent?.kind === "argument" ? parent.parent : null;
    return call?.kind === "call" && call.callee.kind === "name" && call.callee.id === "len";
  });
}

const CONFIDENCES: readonly Confidence[] = ["possible", "likely", "certain"];

function judged(writes: readonly Lengthening[], project: Project): FindingDraft | null {
  const container = project.containerOf(writes[0]?.variable ?? "");
  if (container !== null && removalsFrom(project, container).length > 0) return null;
  if (isBoundElsewhere(writes, project)) return null;
  const ranked = writes.flatMap((write) => {
    const definition = project.functionOf(write.function);
    if (definition === null || project.isImportTimeOnly(definition) || isRegistration(project, definition)) return [];
    const context = runningContext(project, definition);
    return [{ write, context, strength: strengthPerCall(context, write.isInEndlessLoop) }];
  });
  const [best] = ranked.toSorted((a, b) => b.strength - a.strength);
  if (best === undefined) return null;
  const { write, context, strength } = best;
  return {
    at: write.bound,
    message: `\`${write.variable}\` (${write.type}) gets longer with every run of \`${write.function}\`, and nothing in the project starts it anew.`,
    holder: write.variable,
    confidence: CONFIDENCES[strength - 1] ?? "possible",
    bound: `what every run of ${write.function} adds`,
    related: [
      { ...write.at, message: "gets longer here" },
      ...wayHere(context, 2),
      nothingElse(write.bound, "nothing else binds it", project),
    ],
    fix: {
      text:
        write.type === "list"
          ? "Use `collections.deque(maxlen=1024)` and `append` if the latest are enough, or start anew at a known point."
          : "Write it out and keep what is needed: a `collections.deque(maxlen=1024)` of pieces copies nothing and has a bound.",
      safety: "none",
      edits: [],
    },
  };
}

/** `module.X = ...` in another file. */
function isBoundElsewhere(writes: readonly Lengthening[], project: Project): boolean {
  const variable = writes[0]?.variable ?? "";
  const last = variable.slice(variable.lastIndexOf("."));
  return project.files.some((file) =>
    file.sites.some(
      ({ action, inside, on }) =>
        action === "rebind" && inside >= 0 && on.endsWith(last) && project.resolve(on) === variable,
    ),
  );
}
