// Page: docs/rules/DW304-callback-registered-per-call.md

import type { Confidence } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import type { Project } from "../python/project.ts";
import { remembered } from "../python/remembered.ts";
import type { Call, Node } from "../python/tree.ts";
import { attributeNames, enclosingClass, enclosingFunction } from "../python/walk.ts";
import { whatIsHandedOver, type HandedOver } from "./callbacks/handed-over.ts";
import { registrationOf, type Registration } from "./callbacks/registrations.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { isGuardedOnce } from "./repeated-calls/once-guards.ts";
import { repetitionOf, weaker, type Repetition } from "./repeated-calls/repetition.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

type Evidence = Registered | Unregistered;

/** A callback that a function puts into a registry of the process. */
interface Registered {
  readonly is: "registered";
  readonly site: CodeSite;
  readonly registration: Registration;
  readonly handed: HandedOver;
  /** As it is written. */
  readonly callback: string;
}

/** A call that takes callbacks out again. */
interface Unregistered {
  readonly is: "unregistered";
  /** Last word of the callee: `disconnect`. */
  readonly name: string;
}

export const callbackRegisteredPerCall: Rule = defineRule<Evidence>({
  code: "DW304",
  name: "callback-registered-per-call",
  cause: "L10",
  summary: "A callback that is registered at every call, and never taken out, is kept with all it refers to.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    call: (node, file, found) => {
      if (file.isTest || node.callee.kind !== "attribute") return;
      const { name } = node.callee;
      if (/^(?:un|dis|remove|off$|detach)/.test(name)) found({ is: "unregistered", name });
      const registered = registeredBy(node, file);
      if (registered !== null) found(registered);
    },
  },
  judge: (found, project) => {
    const removers = new Set(found.flatMap((each) => (each.is === "unregistered" ? [each.name] : [])));
    return found.flatMap((each) => (each.is === "registered" ? draftOf(each, removers, project) : []));
  },
});

function registeredBy(call: Call, file: FileView): Registered | null {
  const registration = registrationOf(file, call);
  const around = registration === null ? null : enclosingFunction(call);
  if (around === null || registration === null) return null;
  const value = call.arguments[registration.position]?.value;
  // Whoever uses the result may take the callback out by it: `with bus.add_callback(f):`, `stop = bus.subscribe(f)`.
  if (value === undefined || !isStatement(call) || isGuardedOnce(file, call)) return null;
  const handed = whatIsHandedOver(file, value);
  if (handed === null || (handed.how === "function" && registration.dropsTheSame)) return null;
  if (takesOut(file, enclosingClass(call) ?? around, registration) || takesOut(file, around, registration)) return null;
  return {
    is: "registered",
    site: siteOf(file, call),
    registration,
    handed,
    callback: file.text.slice(value.start, Math.min(value.end, value.start + 60)),
  };
}

function isStatement(call: Call): boolean {
  const { parent } = call;
  return (parent?.kind === "await" ? parent.parent : parent)?.kind === "expression-statement";
}

function takesOut(file: FileView, around: Node, { removers }: Registration): boolean {
  const names = remembered(file, attributeNames, around);
  return removers.some((each) => names.has(each));
}

function draftOf(registered: Registered, removers: ReadonlySet<string>, project: Project): readonly FindingDraft[] {
  const { site, registration, handed, callback } = registered;
  if (registration.removers.some((each) => removers.has(each)) && !registration.isOfProcess) return [];
  const repetition = repetitionOf(project, site);
  const confidence = confidenceOf(registered, repetition);
  if (confidence === null) return [];
  const often = repetition.how === "per-call" ? `, which is ${repetition.why},` : "";
  return [
    {
      at: site.at,
      message: `Every call of \`${site.function ?? ""}\`${often} adds one more callback to \`${registration.registry}\`, and nothing takes it out: it keeps \`${callback}\`${keptBy(handed)}.`,
      holder: registration.registry,
      confidence,
      bound: `one callback per call of ${site.function ?? ""}`,
      related: repetition.how === "per-call" ? repetition.related : [],
      fix: { text: fixText(registration), safety: "none", edits: [] },
    },
  ];
}

function keptBy({ how, keeps }: HandedOver): string {
  switch (how) {
    case "method":
      return ` and with it \`${keeps}\``;
    case "closure":
      return keeps === "" ? "" : ` and what it names (${keeps})`;
    case "function":
      return "";
  }
}

function fixText({ removers, isOfProcess }: Registration): string {
  const [remover] = removers;
  const once = "Register it once, at import or where the program starts";
  if (remover === undefined) return `${once}.`;
  return isOfProcess
    ? `${once}, or take it out again with \`${remover}\`.`
    : `Take it out with \`${remover}\` when its owner goes, or register a weak reference.`;
}

const STARTING =
  /(?:_|\.)(?:start|startup|init|initiali[sz]e|setup|set_up|bootstrap|install|configure|once)(?:_[^.]*)?$/;

/** Of the process and sure to run again: certain. A registry of an object may go with it. */
function confidenceOf({ site, registration, handed }: Registered, repetition: Repetition): Confidence | null {
  switch (repetition.how) {
    case "once":
      return null;
    case "per-call":
      // A request may start what is started once, behind a test of its caller.
      if (!repetition.isEntry && STARTING.test(site.function ?? "")) return "possible";
      return registration.isOfProcess && repetition.isEntry
        ? repetition.sureness
        : weaker(repetition.sureness, "likely");
    case "unknown":
      // A plain function that nobody is seen to call twice is what setting up looks like.
      if (!registration.isOfProcess) return null;
      return handed.how === "function" ? null : "possible";
  }
}
