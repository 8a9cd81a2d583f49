// Page: docs/rules/DW306-finalize-holds-its-object.md

import type { Confidence, SourceRange } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { absoluteName, calleeName } from "../python/names-in-file.ts";
import { lookUp } from "../python/scopes.ts";
import type { Project } from "../python/project.ts";
import type { Call, Expression, Name } from "../python/tree.ts";
import { walk } from "../python/walk.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** `weakref.finalize(object, ...)` whose callback or arguments refer to the object. */
interface HoldingFinalizer {
  readonly at: SourceRange;
  readonly object: string;
  /** The argument that holds it, as it is written, and where. */
  readonly through: string;
  readonly throughAt: SourceRange;
  /** object: the object itself. closure: a function that names it. method: perhaps a bound method of it. */
  readonly how: "object" | "closure" | "method";
  /** Somebody has the finaliser, and may call it by hand. */
  readonly isKept: boolean;
  /** Class and name, for methods of known classes. */
  readonly method: readonly [className: string, name: string] | null;
}

export const finalizeHoldsItsObject: Rule = defineRule<HoldingFinalizer>({
  code: "DW306",
  name: "finalize-holds-its-object",
  cause: "L10",
  summary:
    "A finaliser whose callback refers to its own object keeps that object until the process ends, unless it is called or detached by hand.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    call: (node, file, found) => {
      if (absoluteName(file, node.callee) !== "weakref.finalize") return;
      const holding = holdingFinalizer(node, file);
      if (holding !== null) found(holding);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

function holdingFinalizer(call: Call, file: FileView): HoldingFinalizer | null {
  const [first, ...others] = call.arguments;
  if (first === undefined || first.value.kind !== "name") return null;
  const object = first.value;
  for (const { value } of others) {
    const how = howItHolds(value, object, file, value === others[0]?.value);
    if (how === null) continue;
    return {
      at: file.rangeOf(call),
      object: object.id,
      through: file.text.slice(value.start, value.end),
      throughAt: file.rangeOf(value),
      how,
      isKept: call.parent?.kind !== "expression-statement",
      method: how === "method" ? methodNamed(value, file) : null,
    };
  }
  return null;
}

function howItHolds(
  value: Expression,
  object: Name,
  file: FileView,
  isCallback: boolean,
): HoldingFinalizer["how"] | null {
  switch (value.kind) {
    case "name":
      if (value.id === object.id) return "object";
      return isCallback && isClosureOver(value, object, file) ? "closure" : null;
    case "attribute":
      return isCallback && value.object.kind === "name" && value.object.id === object.id ? "method" : null;
    case "lambda":
      return names(value, object, file) ? "closure" : null;
    case "display":
      return value.elements.some((each) => each.kind === "name" && each.id === object.id) ? "object" : null;
    case "call":
      return isPartial(value, file) ? howPartialHolds(value, object, file) : null;
    default:
      return null;
  }
}

function isPartial(call: Call, file: FileView): boolean {
  return calleeName(file, call.callee) === "functools.partial";
}

function howPartialHolds(call: Call, object: Name, file: FileView): HoldingFinalizer["how"] | null {
  for (const [at, { value }] of call.arguments.entries()) {
    if (value.kind === "call") continue;
    const how = howItHolds(value, object, file, at === 0);
    if (how !== null) return how;
  }
  return null;
}

/** An inner function that names the object. */
function isClosureOver(callback: Name, object: Name, file: FileView): boolean {
  const binding = lookUp(file.scopes.scopeOf(callback), callback.id)?.bindings[0];
  return binding?.how === "function" && names(binding.node, object, file);
}

function names(around: Parameters<typeof walk>[0], object: Name, file: FileView): boolean {
  const variable = lookUp(file.scopes.scopeOf(object), object.id);
  // A variable of the module is not in the closure, but the module holds the object then.
  if (variable === null || variable.scope.kind === "module") return false;
  let found = false;
  walk(around, (node) => {
    if (node.kind === "name" && node.id === object.id)
      found ||= lookUp(file.scopes.scopeOf(node), node.id) === variable;
  });
  return found;
}

function methodNamed(value: Expression, file: FileView): HoldingFinalizer["method"] {
  const name = value.kind === "attribute" ? absoluteName(file, value) : null;
  if (name === null || value.kind !== "attribute") return null;
  return [name.slice(0, name.lastIndexOf(".")), value.name];
}

function draftOf(holding: HoldingFinalizer, project: Project): readonly FindingDraft[] {
  const confidence = confidenceOf(holding, project);
  if (confidence === null) return [];
  const { at, object, through } = holding;
  return [
    {
      at,
      message: `\`${object}\` is kept until its finaliser is called by hand or the process ends: \`${through}\` refers to it, and the registry of \`weakref.finalize\` holds that.`,
      holder: "weakref.finalize._registry",
      confidence,
      bound: "every object that gets this finaliser",
      related: [{ ...holding.throughAt, message: `holds \`${object}\`` }],
      fix: {
        text: `Pass a function that does not need \`${object}\` (static, or of the module), with only the parts that it closes.`,
        safety: "none",
        edits: [],
      },
    },
  ];
}

function confidenceOf({ how, method, isKept }: HoldingFinalizer, project: Project): Confidence | null {
  const best = isKept ? "likely" : "certain";
  if (how !== "method") return best;
  const definition = method === null ? null : project.methodOf(...method);
  // An attribute that is no method of the class in sight holds something else.
  if (definition === null) return method === null ? "likely" : null;
  return definition.fact.decorators.length === 0 ? best : null;
}
