// Page: docs/rules/DW310-stored-exception.md

import type { Confidence, SourceRange, TextEdit } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { absoluteName } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import { lookUp } from "../python/scopes.ts";
import type { Call, ExceptHandler, Expression, Name, Node } from "../python/tree.ts";
import { enclosingClass, walk } from "../python/walk.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { repetitionOf } from "./repeated-calls/repetition.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";
import { fatesOf, type Fate, type StoredPlace } from "./value-fates/fate.ts";
import { keepingOf } from "./value-fates/long-lived-place.ts";

/** An exception, its traceback or `sys.exc_info()` that is put where it outlives the call. */
interface StoredException {
  readonly site: CodeSite;
  readonly place: StoredPlace;
  /** As it is written. */
  readonly value: string;
  readonly handler: SourceRange | null;
  readonly edit: TextEdit | null;
}

export const storedException: Rule = defineRule<StoredException>({
  code: "DW310",
  name: "stored-exception",
  cause: "L12",
  summary: "A stored exception keeps its traceback, and that every frame on the way with all its local variables.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    except: (node, file, found) => {
      if (node.name === null || file.isTest || dropsFrames(node, file)) return;
      for (const use of usesIn(node, file)) for (const each of storedFrom(use, node, file)) found(each);
    },
    call: (node, file, found) => {
      if (file.isTest || absoluteName(file, node.callee) !== "sys.exc_info") return;
      for (const each of storedExcInfo(node, file)) found(each);
    },
  },
  judge: (found, project) => onePerLine(found.flatMap((each) => draftOf(each, project))),
});

/** `a, b, c = sys.exc_info()` stores one exception. */
function onePerLine(drafts: readonly FindingDraft[]): readonly FindingDraft[] {
  const first = new Map<string, FindingDraft>();
  for (const draft of drafts) {
    const line = `${draft.at.file}:${draft.at.line}`;
    if (!first.has(line)) first.set(line, draft);
  }
  return [...first.values()];
}

/** Names of the exception in its handler; a parameter of an inner function may have the same name and is another. */
function usesIn(handler: ExceptHandler, file: FileView): readonly Name[] {
  const uses: Name[] = [];
  const caught = handler.name === null ? null : lookUp(file.scopes.scopeOf(handler), handler.name);
  for (const statement of handler.body)
    walk(statement, (node) => {
      if (node.kind !== "name" || node.id !== handler.name) return;
      if (lookUp(file.scopes.scopeOf(node), node.id) === caught) uses.push(node);
    });
  return uses;
}

/** `e.__traceback__ = None`, `e.with_traceback(None)`, `traceback.clear_frames(...)`. */
function dropsFrames(around: Node, file: FileView): boolean {
  let found = false;
  walk(around, (node) => {
    if (node.kind === "assign")
      found ||= node.targets.some((target) => target.kind === "attribute" && target.name === "__traceback__");
    if (node.kind === "call" && node.callee.kind === "attribute")
      found ||= node.callee.name === "clear_frames" || isWithoutTraceback(node, file);
  });
  return found;
}

function isWithoutTraceback({ callee, arguments: given }: Call, file: FileView): boolean {
  if (callee.kind !== "attribute" || callee.name !== "with_traceback") return false;
  const [first] = given;
  return first !== undefined && file.text.slice(first.start, first.end) === "None";
}

function storedFrom(use: Name, handler: ExceptHandler, file: FileView): readonly StoredException[] {
  const isTraceback = use.parent?.kind === "attribute" && use.parent.name === "__traceback__";
  const value: Expression = isTraceback && use.parent?.kind === "attribute" ? use.parent : use;
  const range = file.rangeOf({ start: handler.start, end: handler.type?.end ?? handler.start + 6 });
  return fatesOf(file, value).flatMap((fate) => {
    const stored = storedBy(fate, value, file);
    return stored === null ? [] : [{ ...stored, handler: range, edit: isTraceback ? null : barEdit(use, file) }];
  });
}

/** `e` becomes `e.with_traceback(None)` where it is stored itself. */
function barEdit(use: Name, file: FileView): TextEdit | null {
  const { parent } = use;
  if (parent?.kind !== "assign" && parent?.kind !== "argument") return null;
  return { file: file.path, start: use.end, end: use.end, text: ".with_traceback(None)" };
}

function storedExcInfo(call: Call, file: FileView): readonly StoredException[] {
  // `sys.exc_info()[1]` is the exception; `[0]` only its class.
  const { parent } = call;
  const isItem = parent?.kind === "subscript" && parent.object === call;
  if (isItem && parent.index.kind === "constant" && parent.index.text === "0") return [];
  const value = isItem ? parent : call;
  return fatesOf(file, value).flatMap((fate) => {
    const stored = storedBy(fate, value, file);
    return stored === null ? [] : [{ ...stored, handler: null, edit: null }];
  });
}

function storedBy(
  fate: Fate,
  value: Expression,
  file: FileView,
): Pick<StoredException, "site" | "place" | "value"> | null {
  if (fate.how !== "stored" || fate.place.holder === "local") return null;
  // How long another object lives cannot be told; the class of an exception holds no frames.
  if (fate.place.holder === "object" || fate.place.name.endsWith("type")) return null;
  if (fate.place.holder === "instance" && isCleared(fate.node, fate.place)) return null;
  return { site: siteOf(file, fate.node), place: fate.place, value: file.text.slice(value.start, value.end) };
}

/** Whether the class gives the attribute another value outside of `__init__`, such as None. */
function isCleared(node: Node, place: StoredPlace): boolean {
  const around = enclosingClass(node);
  if (around === null || place.isElement) return false;
  const attribute = place.name.slice(place.name.lastIndexOf(".") + 1);
  let isFound = false;
  for (const method of around.body) {
    if (method.kind !== "function" || method.name === "__init__") continue;
    walk(method, (inner) => {
      if (inner.kind !== "attribute" || inner.name !== attribute) return;
      const { parent } = inner;
      isFound ||= parent?.kind === "delete";
      if (parent?.kind === "assign" && parent.value?.kind === "constant") isFound ||= parent.value.type === "none";
    });
  }
  return isFound;
}

function draftOf(stored: StoredException, project: Project): readonly FindingDraft[] {
  const { site, place, value } = stored;
  const keeping = keepingOf(project, place);
  if (keeping.how === "let-go" || site.function === null) return [];
  const repetition = repetitionOf(project, site);
  if (repetition.how === "once") return [];
  const isGrowing = keeping.how === "growing";
  const confidence: Confidence =
    isGrowing &&
    (keeping.isProcessLong ||
      (repetition.how === "per-call" && repetition.sureness !== "possible" && place.holder === "instance"))
      ? "likely"
      : "possible";
  return [
    {
      at: site.at,
      message: `\`${place.name}\` keeps \`${value}\` ${isGrowing ? "and every one before it" : "until the next one replaces it"}: with its traceback, that is every frame on the way with all its local variables.`,
      holder: place.name,
      confidence,
      bound: isGrowing ? "one traceback with its frames for every failure" : "one traceback with its frames",
      related: stored.handler === null ? [] : [{ ...stored.handler, message: "is caught here" }],
      fix: {
        text: "Keep what you need of it: `traceback.format_exc()`, or `e.with_traceback(None)`, which drops the frames.",
        safety: stored.edit === null ? "none" : "unsafe",
        edits: stored.edit === null ? [] : [stored.edit],
      },
    },
  ];
}
