// Page: docs/rules/DW402-logger-per-id.md

import type { Confidence } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { domainOf } from "../python/key-domain.ts";
import { assignedValue, calleeName } from "../python/names-in-file.ts";
import { originsWithin, UNKNOWN, type Origin } from "../python/origin.ts";
import { originOf } from "../python/origins.ts";
import type { Project } from "../python/project.ts";
import { remembered } from "../python/remembered.ts";
import type { Attribute, Call, Expression, Node } from "../python/tree.ts";
import { enclosingClass, walk } from "../python/walk.ts";
import { isManyName } from "./growing-containers/finite-names.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { repetitionOf, weaker, type Repetition } from "./repeated-calls/repetition.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A logger that is asked for by a computed name. */
interface NamedLogger {
  readonly site: CodeSite;
  /** The name as it is written. */
  readonly name: string;
  readonly origin: Origin;
}

export const loggerPerId: Rule = defineRule<NamedLogger>({
  code: "DW402",
  name: "logger-per-id",
  cause: "L13",
  summary: "A logger whose name contains an id is kept until the process ends, one for every id.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    call: (node, file, found) => {
      const logger = file.isTest ? null : namedLogger(node, file);
      if (logger !== null) found(logger);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

function namedLogger(call: Call, file: FileView): NamedLogger | null {
  const name = call.arguments[0]?.value;
  if (name === undefined || !isGetLogger(call, file)) return null;
  const origin = originOf(file, name);
  const isComputed = originsWithin(origin).some((each) => COMPUTED.has(each.from));
  if (origin.from === "parts" && attributesOf(name).some((each) => isWrittenInClass(each, file))) return null;
  return isComputed ? { site: siteOf(file, call), name: file.text.slice(name.start, name.end), origin } : null;
}

/** What may differ from call to call. A global may be the request that is handled, which only the project can tell. */
const COMPUTED: ReadonlySet<Origin["from"]> = new Set(["fresh", "parameter", "global"]);

/** `self.id` in the name as it is written. */
function attributesOf(name: Expression): readonly Attribute[] {
  const parts = name.kind === "f-string" ? name.expressions : name.kind === "operation" ? name.operands : [name];
  return parts.filter((each) => each.kind === "attribute").filter((each) => ID.test(each.name));
}

/** `id = "news"` in the class around, for subclasses to write their own: as many as there are classes. */
function isWrittenInClass({ object, name }: Attribute, file: FileView): boolean {
  if (object.kind !== "name" || (object.id !== "self" && object.id !== "cls")) return false;
  const around = enclosingClass(object);
  if (around === null || around.decorators.length > 0) return false;
  const bindings = file.scopes.openedBy(around).variables.get(name)?.bindings ?? [];
  const value = bindings.length === 1 && bindings[0] !== undefined ? assignedValue(bindings[0]) : null;
  return value?.kind === "constant" && value.type === "str" && !remembered(file, assignedHere, around).has(name);
}

/** Names of attributes that something in the class assigns. */
function assignedHere(around: Node): ReadonlySet<string> {
  const names = new Set<string>();
  walk(around, (node) => {
    if (node.kind !== "assign") return;
    for (const target of node.targets) if (target.kind === "attribute") names.add(target.name);
  });
  return names;
}

function isGetLogger({ callee }: Call, file: FileView): boolean {
  const name = calleeName(file, callee);
  return name === "logging.getLogger" || name === ".getChild" || (name?.endsWith(".getChild") ?? false);
}

/** Values of which there is one for each user, request, job. */
const ID = /(?:^|_)(?:id|uuid|guid|uid|sid|session|request|email|token|address|addr|ip|url|user|username|job|ticket)$/i;

function draftOf(logger: NamedLogger, project: Project): readonly FindingDraft[] {
  const repetition = repetitionOf(project, logger.site);
  const judged = repetition.how === "once" ? null : judge(logger, repetition, project);
  if (judged === null) return [];
  return [
    {
      at: logger.site.at,
      message: `A logger is made for every distinct \`${logger.name}\`, and the logging module keeps each until the process ends: the name ${judged.because}.`,
      holder: "logging.Logger.manager.loggerDict",
      confidence: judged.confidence,
      bound: `one logger per distinct ${logger.name}`,
      related: repetition.how === "per-call" ? repetition.related : [],
      fix: {
        text: "Name the logger after the module, and put the id into the record: `logging.LoggerAdapter(logger, {...})` or `extra=`.",
        safety: "none",
        edits: [],
      },
    },
  ];
}

interface Judged {
  readonly confidence: Confidence;
  readonly because: string;
}

function judge(logger: NamedLogger, repetition: Repetition, project: Project): Judged | null {
  const { origin, site } = logger;
  const definition = site.function === null ? null : project.functionOf(site.function);
  const { domain, because } = domainOf(project, definition, origin);
  const within = originsWithin(origin);
  if (within.some((each) => each.from === "fresh" && isNeverTheSame(each.what)))
    return {
      confidence: repetition.how === "per-call" && repetition.sureness === "certain" ? "certain" : "likely",
      because,
    };
  const id =
    originsWithin(wholeOf(origin))
      .map((each) => idIn(each))
      .find((each) => each !== null) ?? null;
  if (id !== null && domain !== "finite")
    return {
      confidence: sureOfId(id, origin, repetition),
      because: domain === "open" ? because : `contains \`${id}\``,
    };
  if (domain !== "open") return null;
  if (within.some((each) => each.from === "global" && domainOf(project, definition, each).domain === "open"))
    return { confidence: repetition.how === "per-call" ? weaker("likely", repetition.sureness) : "possible", because };
  // A function that takes the name of a logger and gives the logger is a wrapper: its callers decide.
  if (origin.from !== "parts" || origin.how !== "text") return null;
  return { confidence: "possible", because };
}

function sureOfId(id: string, origin: Origin, repetition: Repetition): Confidence {
  if (!isManyName(id)) return "possible";
  return repetition.how === "per-call" ? weaker("likely", repetition.sureness) : unseen(origin);
}

/** With no caller in sight: an attribute as the whole name is what an object of the program is set up with. */
function unseen(origin: Origin): Confidence {
  return origin.from === "attribute" ? "possible" : "likely";
}

/** `entity_id.split(".")[0]` is a part of the id, of which there may be few. */
function wholeOf(origin: Origin): Origin {
  if (origin.from === "parts") return { ...origin, parts: origin.parts.map(wholeOf) };
  const isPart =
    origin.from === "item" && origin.of.from === "call" && /\.r?split$|\.r?partition$/.test(origin.of.callee);
  return isPart ? UNKNOWN : origin;
}

function isNeverTheSame(what: string): boolean {
  return what === "uuid" || what === "time" || what === "random" || what === "id" || what === "counter";
}

function idIn(origin: Origin): string | null {
  if (origin.from !== "parameter" && origin.from !== "attribute") return null;
  return ID.test(origin.name) ? origin.name : null;
}
