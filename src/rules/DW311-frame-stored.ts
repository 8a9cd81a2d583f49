// Page: docs/rules/DW311-frame-stored.md

import type { FileView } from "../python/file-view.ts";
import { absoluteName } from "../python/names-in-file.ts";
import { assignedValues } from "../python/origins.ts";
import type { Project } from "../python/project.ts";
import { remembered } from "../python/remembered.ts";
import type { Variable } from "../python/scope.ts";
import { lookUp } from "../python/scopes.ts";
import type { Call, Expression } from "../python/tree.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { repetitionOf } from "./repeated-calls/repetition.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";
import { fatesOf, type StoredPlace } from "./value-fates/fate.ts";
import { keepingOf } from "./value-fates/long-lived-place.ts";

/** A frame, or a list of frames, that outlives its call. */
interface StoredFrame {
  readonly site: CodeSite;
  readonly value: string;
  /** Null: a local variable of the frame itself. */
  readonly place: StoredPlace | null;
}

export const frameStored: Rule = defineRule<StoredFrame>({
  code: "DW311",
  name: "frame-stored",
  cause: "L12",
  summary: "A stored frame keeps all local variables of its function, and of every function that called it.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    call: (node, file, found) => {
      if (file.isTest || !isFrameCall(node, file)) return;
      for (const each of storedFrames(node, file)) found(each);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

const FRAMES: ReadonlySet<string> = new Set([
  "inspect.currentframe",
  "sys._getframe",
  "inspect.stack",
  "inspect.trace",
  "sys._current_frames",
]);

function isFrameCall(call: Call, file: FileView): boolean {
  const name = absoluteName(file, call.callee);
  return name !== null && FRAMES.has(name);
}

function storedFrames(call: Call, file: FileView): readonly StoredFrame[] {
  const value = frameExpression(call);
  if (value === null || isLaterOfVariable(value, file)) return [];
  const fates = fatesOf(file, value);
  const written = file.text.slice(value.start, value.end);
  const stored = fates.flatMap((fate) => {
    if (fate.how !== "stored" || fate.place.holder === "local" || fate.place.holder === "object") return [];
    return [{ site: siteOf(file, fate.node), value: written, place: fate.place }];
  });
  if (stored.length > 0) return stored;
  const isFreed = fates.some(({ how }) => how === "deleted");
  return isOwnFrame(call, value, file) && !isFreed && isInLocal(value, file)
    ? [{ site: siteOf(file, call), value: written, place: null }]
    : [];
}

/** The variable that gets it got a frame before: what becomes of it was said there. */
function isLaterOfVariable(value: Expression, file: FileView): boolean {
  const target = value.parent?.kind === "assign" ? value.parent.targets[0] : undefined;
  const variable = target?.kind === "name" ? lookUp(file.scopes.scopeOf(target), target.id) : null;
  return variable !== null && (remembered(file, firstFrame, variable) ?? value) !== value;
}

function firstFrame(variable: Variable, file: FileView): Expression | null {
  const isFrame = (value: Expression): boolean => {
    let call = value;
    while (call.kind === "attribute") call = call.object;
    return call.kind === "call" && isFrameCall(call, file) && frameExpression(call) === value;
  };
  return assignedValues(variable).find(isFrame) ?? null;
}

/** The call with its `.f_back`s; null for other attributes: line numbers and names hold no frame. */
function frameExpression(call: Call): Expression | null {
  let value: Expression = call;
  for (let { parent } = value; parent?.kind === "attribute" && parent.object === value; { parent } = value) {
    if (parent.name !== "f_back") return null;
    value = parent;
  }
  return value;
}

/** The frame of the function that asks: it holds the variable that holds it. */
function isOwnFrame(call: Call, value: Expression, file: FileView): boolean {
  if (value !== call) return false;
  const depth = call.arguments[0]?.value;
  const name = absoluteName(file, call.callee);
  if (name === "sys._getframe") return depth === undefined || (depth.kind === "constant" && depth.text === "0");
  return name !== "inspect.trace";
}

/** Alone in a local variable that gets no other value. */
function isInLocal(value: Expression, file: FileView): boolean {
  const { parent } = value;
  if (parent?.kind !== "assign") return false;
  return parent.targets.some((target) => {
    if (target.kind !== "name") return false;
    const variable = lookUp(file.scopes.scopeOf(target), target.id);
    return variable?.scope.kind === "function" && variable.bindings.length === 1;
  });
}

function draftOf(frame: StoredFrame, project: Project): readonly FindingDraft[] {
  const { site, place, value } = frame;
  if (site.function === null) return [];
  if (place === null) return [cycleDraft(site, value)];
  const keeping = keepingOf(project, place);
  if (keeping.how === "let-go" || repetitionOf(project, site).how === "once") return [];
  const isGrowing = keeping.how === "growing";
  return [
    {
      at: site.at,
      message: `\`${place.name}\` keeps \`${value}\` ${isGrowing ? "and every one before it" : "until the next one replaces it"}: with all local variables of that function and of every function that called it.`,
      holder: place.name,
      confidence: isGrowing && keeping.isProcessLong ? "likely" : "possible",
      bound: isGrowing ? "one chain of frames for every call" : "one chain of frames",
      related: [],
      fix: {
        text: "Keep what you need of it: `traceback.extract_stack()`, or file and line.",
        safety: "none",
        edits: [],
      },
    },
  ];
}

function cycleDraft(site: CodeSite, value: string): FindingDraft {
  return {
    at: site.at,
    message: `A local variable holds \`${value}\`, the frame that holds the variable: all local variables of \`${site.function ?? ""}\` stay after it has returned, until the garbage collector runs.`,
    holder: null,
    confidence: "possible",
    bound: "the local variables of one call, until the collector runs",
    related: [],
    fix: { text: "Delete the variable in a `finally`: `del frame`.", safety: "none", edits: [] },
  };
}
