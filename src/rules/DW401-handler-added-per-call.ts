// Page: docs/rules/DW401-handler-added-per-call.md

import type { Confidence } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { calleeName, namedPlace } from "../python/names-in-file.ts";
import { originOf } from "../python/origins.ts";
import type { Project } from "../python/project.ts";
import { remembered } from "../python/remembered.ts";
import type { Call, Expression, Node } from "../python/tree.ts";
import { attributeNames, enclosingClass, enclosingFunction, walk } from "../python/walk.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { isGuardedOnce } from "./repeated-calls/once-guards.ts";
import { repetitionOf, type Repetition } from "./repeated-calls/repetition.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A new handler that a function gives to a logger, which nothing in sight takes off again. */
interface AddedHandler {
  readonly site: CodeSite;
  /** The logger as it is written, and its absolute name if it has one. */
  readonly logger: string;
  readonly holder: string | null;
  /** What makes the handler: `logging.StreamHandler`. */
  readonly maker: string;
}

export const handlerAddedPerCall: Rule = defineRule<AddedHandler>({
  code: "DW401",
  name: "handler-added-per-call",
  cause: "L13",
  summary:
    "A function that gives a logger a new handler at every call makes it write every record once more each time.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    call: (node, file, found) => {
      const added = file.isTest ? null : addedHandler(node, file);
      if (added !== null) found(added);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

function addedHandler(call: Call, file: FileView): AddedHandler | null {
  if (call.callee.kind !== "attribute" || call.callee.name !== "addHandler") return null;
  const around = enclosingFunction(call);
  const handler = call.arguments[0]?.value;
  if (around === null || handler === undefined) return null;
  const maker = makerOf(handler, around, file);
  if (maker === null || isPrivateLogger(call.callee.object, file)) return null;
  if (isGuardedOnce(file, call) || takesOff(enclosingClass(call) ?? around, file) || takesOff(around, file))
    return null;
  const { object } = call.callee;
  return {
    site: siteOf(file, call),
    logger: file.text.slice(object.start, object.end),
    holder: namedPlace(file, object)?.name ?? null,
    maker,
  };
}

/** What makes the handler in the same function; null when it may be the same one every time. */
function makerOf(handler: Expression, around: Node, file: FileView): string | null {
  if (handler.kind === "attribute")
    return remembered(file, handlersMadeIn, around).get(file.text.slice(handler.start, handler.end)) ?? null;
  const origin = originOf(file, handler);
  return origin.from === "call" && isHandlerClass(origin.callee) ? origin.callee : null;
}

function isHandlerClass(callee: string): boolean {
  return callee.endsWith("Handler");
}

/** What makes the handlers that a function assigns, by where it puts them: `self.handler = StreamHandler()`. */
function handlersMadeIn(around: Node, file: FileView): ReadonlyMap<string, string> {
  const makers = new Map<string, string>();
  walk(around, (node) => {
    if (node.kind !== "assign" || node.value?.kind !== "call") return;
    const callee = calleeName(file, node.value.callee);
    if (callee === null || !isHandlerClass(callee)) return;
    for (const { start, end } of node.targets) makers.set(file.text.slice(start, end), callee);
  });
  return makers;
}

/** `logging.Logger(...)` is freed with whoever holds it. */
function isPrivateLogger(logger: Expression, file: FileView): boolean {
  const origin = originOf(file, logger);
  return origin.from === "call" && origin.callee !== "logging.getLogger" && /\bLogger$/.test(origin.callee);
}

/** Whether anything in there looks at or takes off handlers. */
function takesOff(around: Node, file: FileView): boolean {
  const names = remembered(file, attributeNames, around);
  if (names.has("removeHandler") || names.has("handlers") || names.has("hasHandlers")) return true;
  return names.has("basicConfig") && remembered(file, setsUpAnew, around);
}

/** `logging.basicConfig(force=True)` takes all handlers off the root logger first. */
function setsUpAnew(around: Node, file: FileView): boolean {
  let isForced = false;
  walk(around, (node) => {
    if (node.kind !== "call" || calleeName(file, node.callee) !== "logging.basicConfig") return;
    isForced ||= node.arguments.some(
      ({ name, value }) => name === "force" && value.kind === "constant" && value.text === "True",
    );
  });
  return isForced;
}

function draftOf(added: AddedHandler, project: Project): readonly FindingDraft[] {
  const repetition = repetitionOf(project, added.site);
  const confidence = confidenceOf(repetition);
  if (confidence === null) return [];
  const name = added.site.function ?? "";
  const runs = repetition.how === "per-call" ? `, which is ${repetition.why},` : "";
  return [
    {
      at: added.site.at,
      message: `Every call of \`${name}\`${runs} gives \`${added.logger}\` one more \`${added.maker}\`: loggers live as long as the process, and each handler writes every record again.`,
      holder: added.holder,
      confidence,
      bound: `one handler per call of ${name}`,
      related: repetition.how === "per-call" ? repetition.related : [],
      fix: {
        text: `Add the handler once, where the program starts, or only \`if not ${added.logger}.handlers\`.`,
        safety: "none",
        edits: [],
      },
    },
  ];
}

function confidenceOf(repetition: Repetition): Confidence | null {
  switch (repetition.how) {
    case "once":
      return null;
    case "per-call":
      return repetition.sureness;
    case "unknown":
      return repetition.callers > 1 ? "likely" : "possible";
  }
}
