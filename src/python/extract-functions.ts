// Functions, methods and lambdas.

import type { FactDraft } from "./fact-draft.ts";
import type { ArgumentFact, DecoratorFact, FunctionFact, ParameterFact } from "./facts.ts";
import type { FileView } from "./file-view.ts";
import { absoluteName, calleeName, qualnameOf } from "./names-in-file.ts";
import { lookUp } from "./scopes.ts";
import type { Argument, Expression, FunctionDef, Lambda, Name, Node, Parameter } from "./tree.ts";

export function extractFunctions(draft: FactDraft): readonly FunctionFact[] {
  const generators = new Set(draft.yields.map((node) => draft.circumstancesOf(node).function));
  const endless = new Set(draft.loops.filter(draft.isEndless).map((node) => draft.circumstancesOf(node).function));
  const escaping = escapingFunctions(draft);
  return draft.functions.map((node) => ({
    ...identityOf(draft, node),
    params: node.parameters.filter(({ name }) => name !== "").map((parameter) => parameterFact(draft.file, parameter)),
    decorators: node.kind === "lambda" ? [] : node.decorators.map((decorator) => decoratorFact(draft, decorator)),
    endLine: draft.placeOf(node)[2],
    ...(node.kind === "function" && node.isAsync ? { isAsync: true } : {}),
    ...(generators.has(node) ? { isGenerator: true } : {}),
    ...(escaping.has(node) ? { escapes: true } : {}),
    ...(endless.has(node) ? { isEndless: true } : {}),
  }));
}

function identityOf(
  draft: FactDraft,
  node: FunctionDef | Lambda,
): Pick<FunctionFact, "name" | "path" | "owner" | "outer" | "at"> {
  const outer = draft.indexOf(draft.circumstancesOf(node).function);
  const around = draft.file.scopes.scopeOf(node);
  const isMethod = node.kind === "function" && around.kind === "class";
  const nameStart = node.kind === "function" ? node.nameStart : node.start;
  const name = node.kind === "function" ? node.name : "<lambda>";
  return {
    name,
    path: qualnameOf(draft.file.scopes.openedBy(node)),
    ...(isMethod ? { owner: qualnameOf(around) } : {}),
    ...(outer < 0 ? {} : { outer }),
    at: draft.placeOf({ start: nameStart, end: nameStart + name.length }),
  };
}

function parameterFact(file: FileView, parameter: Parameter): ParameterFact {
  const { name, star, annotation, defaultValue, isKeywordOnly } = parameter;
  return {
    name,
    ...(star === "" ? (isKeywordOnly ? { kind: "keyword" } : {}) : { kind: star }),
    ...(annotation === null ? {} : { annotation: annotationText(file, annotation, 0) }),
    ...(defaultValue === null ? {} : { fallback: fallbackKind(defaultValue) }),
  };
}

function fallbackKind(value: Expression): NonNullable<ParameterFact["fallback"]> {
  if (value.kind === "constant") return value.type === "none" || value.type === "bool" ? value.type : "literal";
  if (value.kind === "dict" || value.kind === "comprehension") return "container";
  if (value.kind === "display") return value.type === "tuple" ? "literal" : "container";
  if (value.kind === "call" && value.callee.kind === "name" && /^(?:dict|list|set|bytearray)$/.test(value.callee.id))
    return "container";
  return "other";
}

/** Names in it are made absolute: `typing.Optional[int]`. Parts nested more than four deep become "...". */
function annotationText(file: FileView, annotation: Expression, depth: number): string {
  if (depth > 4) return "...";
  switch (annotation.kind) {
    case "name":
    case "attribute":
      return absoluteName(file, annotation) ?? "?";
    case "constant":
      return annotation.type === "str" ? annotation.text : annotation.type === "none" ? "None" : annotation.text;
    case "subscript":
      return `${annotationText(file, annotation.object, depth + 1)}[${annotationText(file, annotation.index, depth + 1)}]`;
    case "display":
      return annotation.elements.map((element) => annotationText(file, element, depth + 1)).join(", ");
    case "operation":
      return annotation.operands.map((operand) => annotationText(file, operand, depth + 1)).join(` ${annotation.op} `);
    default:
      return "?";
  }
}

export function decoratorFact(draft: FactDraft, decorator: Expression): DecoratorFact {
  const { file } = draft;
  const isCall = decorator.kind === "call";
  return {
    name: calleeName(file, isCall ? decorator.callee : decorator) ?? "",
    args: isCall ? decorator.arguments.map((argument) => argumentFact(file, argument)) : null,
    at: draft.placeOf(decorator),
  };
}

export function argumentFact(file: FileView, { name, star, value }: Argument): ArgumentFact {
  return { name: star === "" ? name : star, value: argumentText(file, value) };
}

function argumentText(file: FileView, value: Expression): string {
  if (value.kind === "constant") {
    if (value.type === "str") return JSON.stringify(value.text.slice(0, 80));
    return value.type === "none" ? "None" : value.text;
  }
  if (value.kind === "name" || value.kind === "attribute") return absoluteName(file, value) ?? "?";
  if (value.kind === "call") return `${calleeName(file, value.callee) ?? "?"}()`;
  return value.kind === "dict" && value.entries.length === 0 ? "{}" : "?";
}

/** Callees that use a function at once and let go of it. */
const IMMEDIATE = /^(?:sorted|map|filter|min|max|sum|any|all|reduce|sort|groupby|next)$/;

/** Functions of the file that are used other than by calling or decorating. */
function escapingFunctions({ file, functions, uses }: FactDraft): ReadonlySet<Node> {
  const escaping = new Set<Node>();
  const inner = new Set<string>();
  for (const node of functions) {
    if (node.kind === "lambda") {
      if (isHandedOn(node)) escaping.add(node);
    } else inner.add(node.name);
  }
  for (const use of uses) {
    if (use.kind !== "name" || !inner.has(use.id) || !isHandedOn(use)) continue;
    const [first] = lookUp(file.scopes.scopeOf(use), use.id)?.bindings ?? [];
    if (first?.how === "function") escaping.add(first.node);
  }
  return escaping;
}

function isHandedOn(use: Name | Lambda): boolean {
  const { parent } = use;
  switch (parent?.kind) {
    case "argument": {
      const call = parent.parent;
      return call?.kind !== "call" || !IMMEDIATE.test(lastWord(call.callee));
    }
    case "return":
    case "yield":
    case "display":
      return parent.parent?.kind !== "delete";
    case "dict-entry":
    case "conditional":
      return true;
    case "assign":
      return parent.value === use;
    case "lambda":
      return parent.body === use;
    default:
      return false;
  }
}

function lastWord(callee: Expression): string {
  if (callee.kind === "name") return callee.id;
  return callee.kind === "attribute" ? callee.name : "";
}
