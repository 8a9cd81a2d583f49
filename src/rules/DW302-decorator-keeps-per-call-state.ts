// Page: docs/rules/DW302-decorator-keeps-per-call-state.md

import type { RelatedLocation, SourceRange } from "../model/finding.ts";
import { rangeOf, sitesThat, type ContainerDefinition } from "../python/definitions.ts";
import { containerValue } from "../python/container-values.ts";
import { rangeAt } from "../python/facts.ts";
import type { FileView } from "../python/file-view.ts";
import type { Project } from "../python/project.ts";
import { remembered } from "../python/remembered.ts";
import { lookUp } from "../python/scopes.ts";
import type { Assign, Attribute, Expression, FunctionDef, Node } from "../python/tree.ts";
import { enclosingFunction, walk } from "../python/walk.ts";
import { keptCall } from "./decorators/kept-calls.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A container that is an attribute of a wrapper, which fills it: `wrapper.calls.append(args)`. */
interface FilledAttribute {
  readonly site: CodeSite;
  /** The function that makes the wrapper. */
  readonly decorator: string;
  /** As it is written: `wrapper.calls`. */
  readonly place: string;
  /** One entry for each key, not for each call. */
  readonly hasKey: boolean;
}

export const decoratorKeepsPerCallState: Rule = defineRule<FilledAttribute>({
  code: "DW302",
  name: "decorator-keeps-per-call-state",
  cause: "L9",
  summary: "A decorator whose wrapper records its calls keeps every one as long as the decorated function lives.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    call: (node, file, found) => {
      if (node.callee.kind !== "attribute" || !/^(?:append|add|appendleft|insert)$/.test(node.callee.name)) return;
      const filled = filledAttribute(node.callee.object, node, file, false);
      if (filled !== null) found(filled);
    },
    subscript: (node, file, found) => {
      const { parent } = node;
      if (parent?.kind !== "assign" || parent.value === node || node.index.kind === "constant") return;
      const filled = filledAttribute(node.object, node, file, true);
      if (filled !== null) found(filled);
    },
  },
  judge: (found, project) => [
    ...project.containers.flatMap((each) => closureDraft(each, project)),
    ...found.map((each) => attributeDraft(each)),
  ],
});

function filledAttribute(place: Expression, node: Node, file: FileView, hasKey: boolean): FilledAttribute | null {
  if (file.isTest || place.kind !== "attribute" || place.object.kind !== "name") return null;
  const wrapper = enclosingFunction(node);
  const decorator = wrapper === null ? null : enclosingFunction(wrapper);
  if (wrapper?.kind !== "function" || decorator?.kind !== "function") return null;
  const variable = lookUp(file.scopes.scopeOf(place.object), place.object.id);
  if (variable?.bindings[0]?.node !== wrapper || !takesAll(wrapper)) return null;
  if (remembered(file, shortenedAttributes, file.tree).has(place.name)) return null;
  const { name } = decorator;
  return { site: siteOf(file, node), decorator: name, place: `${place.object.id}.${place.name}`, hasKey };
}

function takesAll({ parameters }: FunctionDef): boolean {
  return parameters.some(({ star }) => star !== "");
}

/** Names of attributes that something in the file takes elements out of, replaces or bounds. */
function shortenedAttributes(tree: Node, file: FileView): ReadonlySet<string> {
  const assigned = new Set<string>();
  const shortened = new Set<string>();
  walk(tree, (node) => {
    if (node.kind !== "attribute") return;
    const isAgain = isTargetOf(node.parent, node) && assigned.has(node.name);
    if (isAgain || isMadeShorter(node, file)) shortened.add(node.name);
    if (isTargetOf(node.parent, node)) assigned.add(node.name);
  });
  return shortened;
}

function isMadeShorter(attribute: Attribute, file: FileView): boolean {
  const { parent } = attribute;
  if (isTargetOf(parent, attribute)) return isBounded(file, parent.value);
  switch (parent?.kind) {
    case "attribute":
      return /^(?:clear|pop|popitem|popleft|remove|discard)$/.test(parent.name);
    case "subscript":
      return parent.parent?.kind === "delete";
    // A bound: `if len(wrapper.calls) > 100`.
    case "argument":
      return true;
    default:
      return false;
  }
}

function isTargetOf(parent: Node | null, target: Node): parent is Assign {
  return parent?.kind === "assign" && parent.value !== target;
}

/** `deque(maxlen=10)`. */
function isBounded(file: FileView, value: Expression | null): boolean {
  const made = value === null ? null : containerValue(file, value);
  return made !== null && made.bound !== null;
}

const FIX = "Give it a bound: `collections.deque(maxlen=...)`, or count instead of keeping.";

function closureDraft(container: ContainerDefinition, project: Project): readonly FindingDraft[] {
  const kept = keptCall(container, project);
  if (kept === null) return [];
  const { write, decorator } = kept;
  const isHandedOn = sitesThat(container, "escape").some(({ fact: { how } }) => how !== "=" && how !== "element");
  const made = { ...rangeOf(container), message: "is made here, once for each decorated function" };
  const name = container.fact.path.slice(container.fact.path.lastIndexOf(".") + 1);
  const at = rangeAt(write.module.path, write.fact.at);
  return [
    {
      ...draft(at, name, decorator.name, false, [made]),
      holder: container.name,
      ...(isHandedOn ? { confidence: "possible" } : {}),
    },
  ];
}

function attributeDraft({ site, decorator, place, hasKey }: FilledAttribute): FindingDraft {
  return draft(site.at, place, decorator, hasKey, []);
}

function draft(
  at: SourceRange,
  place: string,
  decorator: string,
  hasKey: boolean,
  related: readonly RelatedLocation[],
): FindingDraft {
  const often = hasKey ? "for every new key" : "at every call";
  return {
    at,
    message: `Functions decorated with \`${decorator}\` put one more entry into \`${place}\` ${often}, and nothing takes any out: it lives as long as the decorated function.`,
    holder: null,
    confidence: "likely",
    bound: hasKey ? "one entry for every key" : "one entry for every call",
    related,
    fix: { text: FIX, safety: "none", edits: [] },
  };
}
