// Page: docs/rules/DW408-contextvar-or-thread-local-not-reset.md

import { countOf } from "../base/format-count.ts";
import type { Confidence } from "../model/finding.ts";
import type { Context } from "../python/contexts.ts";
import { isUnder } from "../python/facts.ts";
import type { FileView } from "../python/file-view.ts";
import { absoluteName } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import type { Call, Expression, Node } from "../python/tree.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { wayHere } from "./growing-containers/way-here.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** What a file does with values of a thread or context. Names are absolute as far as the file knows. */
type PerThread =
  | { readonly kind: "made"; readonly name: string; readonly type: "threading.local" | "contextvars.ContextVar" }
  /** `attribute` is null for context variables. */
  | { readonly kind: "set"; readonly name: string; readonly attribute: string | null; readonly site: CodeSite }
  | { readonly kind: "cleared"; readonly name: string }
  /** `hasattr(local, "x")`, `getattr(local, "x", None)`: made once per thread, on purpose. */
  | { readonly kind: "looked-at"; readonly name: string; readonly function: string | null };

export const perThreadValueNotReset: Rule = defineRule<PerThread>({
  code: "DW408",
  name: "contextvar-or-thread-local-not-reset",
  cause: "L11",
  summary: "A value of a thread or context that nobody resets stays in every thread of a pool after its job is done.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    assign: (node, file, found) => {
      if (node.value === null) return;
      const [target] = node.targets;
      const type = madeBy(file, node.value);
      const name = target === undefined || type === null ? null : absoluteName(file, target);
      if (type !== null && name !== null) found({ kind: "made", name, type });
      for (const each of node.targets) reportAttribute(file, each, node.value, found);
    },
    delete: (node, file, found) => {
      for (const target of node.targets) {
        const name = target.kind === "attribute" ? absoluteName(file, target.object) : null;
        if (name !== null) found({ kind: "cleared", name });
      }
    },
    call: (node, file, found) => {
      const { callee } = node;
      if (callee.kind === "attribute" && (callee.name === "set" || callee.name === "reset"))
        reportContext(file, callee.object, callee.name, node, found);
      reportHelper(file, node, found);
      if (callee.kind !== "name" || !/^(?:hasattr|getattr)$/.test(callee.id)) return;
      const [first] = node.arguments;
      const name = first === undefined ? null : nameOfModules(file, first.value);
      if (name !== null) found({ kind: "looked-at", name, function: siteOf(file, node).function });
    },
  },
  judge: (found, project) => judged(found, project),
});

function madeBy(file: FileView, value: Expression): "threading.local" | "contextvars.ContextVar" | null {
  if (value.kind !== "call") return null;
  const name = absoluteName(file, value.callee);
  return name === "threading.local" || name === "contextvars.ContextVar" ? name : null;
}

/** Only variables of modules: `_local`, `state.local`. */
function nameOfModules(file: FileView, object: Expression): string | null {
  if (object.kind !== "name" && object.kind !== "attribute") return null;
  if (object.kind === "name" && (object.id === "self" || object.id === "cls")) return null;
  const name = absoluteName(file, object);
  return name === null || !name.includes(".") || name.includes("<locals>") ? null : name;
}

function reportAttribute(
  file: FileView,
  target: Expression,
  value: Expression,
  found: (each: PerThread) => void,
): void {
  if (target.kind !== "attribute" || file.isTest) return;
  const name = nameOfModules(file, target.object);
  if (name === null) return;
  if (value.kind === "constant") {
    if (value.type === "none") found({ kind: "cleared", name });
    return;
  }
  found({ kind: "set", name, attribute: target.name, site: siteOf(file, target) });
}

function reportContext(
  file: FileView,
  object: Expression,
  method: "set" | "reset",
  node: Node,
  found: (each: PerThread) => void,
): void {
  const name = file.isTest ? null : nameOfModules(file, object);
  if (name === null) return;
  if (method === "reset") found({ kind: "cleared", name });
  else found({ kind: "set", name, attribute: null, site: siteOf(file, node) });
}

/** `_restore(current_user, token)`: a function whose name says that it resets what it is given. */
function reportHelper(file: FileView, { callee, arguments: given }: Call, found: (each: PerThread) => void): void {
  const helper = callee.kind === "name" ? callee.id : callee.kind === "attribute" ? callee.name : "";
  if (!/(?:^|_)(?:reset|restore|clear|cleanup|pop|release)/.test(helper)) return;
  for (const { value } of given) {
    const name = nameOfModules(file, value);
    if (name !== null) found({ kind: "cleared", name });
  }
}

function judged(found: readonly PerThread[], project: Project): readonly FindingDraft[] {
  const made = new Map<string, "threading.local" | "contextvars.ContextVar">();
  for (const each of found) if (each.kind === "made") made.set(project.resolve(each.name), each.type);
  if (made.size === 0) return [];
  const quiet = new Set<string>();
  for (const each of found) {
    if (each.kind === "cleared") quiet.add(project.resolve(each.name));
    if (each.kind === "looked-at") quiet.add(`${project.resolve(each.name)} in ${each.function ?? ""}`);
  }
  return found.flatMap((each) => {
    if (each.kind !== "set") return [];
    const name = project.resolve(each.name);
    const type = made.get(name);
    if (type === undefined || (each.attribute === null) !== (type === "contextvars.ContextVar")) return [];
    // In an `except AttributeError:` it is made once per thread.
    if (quiet.has(name) || quiet.has(`${name} in ${each.site.function ?? ""}`) || isUnder(each.site, "except"))
      return [];
    return draftOf(project, name, type, each) ?? [];
  });
}

function draftOf(
  project: Project,
  name: string,
  type: "threading.local" | "contextvars.ContextVar",
  { attribute, site }: Extract<PerThread, { readonly kind: "set" }>,
): FindingDraft | null {
  const definition = site.function === null ? null : project.functionOf(site.function);
  // Every task of an event loop has a context of its own, which goes with it.
  if (definition === null || definition.fact.isAsync === true) return null;
  const reached = whereKept(project.contextsOf(definition));
  if (reached === null) return null;
  const { context, confidence } = reached;
  const holder = attribute === null ? name : `${name}.${attribute}`;
  return {
    at: site.at,
    message: `\`${holder}\` keeps what \`${definition.name}\` has set last in every thread that ran it: nothing resets it when the job is done.`,
    holder,
    confidence,
    bound: "one value per thread, that of its last job",
    related: [
      ...wayHere(context, 2),
      {
        ...site.at,
        message: `nothing resets it: ${countOf(project.files.filter((file) => !file.isTest).length, "file was", "files were")} looked at`,
      },
    ],
    fix: {
      text:
        type === "threading.local"
          ? `Delete it in a finally block: \`try: ... finally: del ${lastWords(holder)}\`.`
          : `Keep the token and reset it: \`token = ${lastWord(holder)}.set(...)\`, and \`${lastWord(holder)}.reset(token)\` in a finally block.`,
      safety: "none",
      edits: [],
    },
  };
}

function lastWord(holder: string): string {
  return holder.slice(holder.lastIndexOf(".") + 1);
}

function lastWords(holder: string): string {
  return holder.split(".").slice(-2).join(".");
}

/** Threads of pools outlive their jobs; those of web servers and workers usually do. */
function whereKept(
  contexts: readonly Context[],
): { readonly context: Context; readonly confidence: Confidence } | null {
  const pool = contexts.find(({ kind, why }) => kind === "thread" && why.includes("pool"));
  // Further away it is likely to be what the program as a whole is set up with.
  if (pool !== undefined)
    return { context: pool, confidence: pool.isSure && pool.chain.length <= 1 ? "likely" : "possible" };
  const job = contexts.find(({ kind, isSure }) => isSure && (kind === "request" || kind === "task"));
  return job === undefined ? null : { context: job, confidence: "possible" };
}
