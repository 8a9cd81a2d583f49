// Names for what running code carries: locals of frames, generators and coroutines, thread-local values, tracebacks.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { hasBase, roleOf, typeRowOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import type { Snapshot } from "../snapshot.ts";
import type { NamingRule } from "./naming-rules.ts";
import { threadWords } from "./roots.ts";
import { anchored, silent, step, type Hop, type Trail } from "./trail.ts";
import { codeOfFrame, codeWords, keyWords } from "./words.ts";

/** How the registry of threads is named. */
export const THREAD_REGISTRY = "sys.modules['threading']._active";

/** C fields of frames, generators, coroutines; every other name is a local variable. */
const FRAME_FIELD = /^(?:f|gi|cr|ag)_|^__/;

/** A local in a dict of locals (module body, class body, exec). */
const localInDict: NamingRule = ({ snapshot }, trail, hop) => {
  if (trail.place !== "locals" || hop.place.kind !== "value") return null;
  const name = printable(textOf(snapshot.texts, hop.place.key) ?? keyWords(snapshot, hop.place.key));
  return step(trail, ` local ${name}`, `local ${name}`, { anchor: trail.text.length + " local ".length });
};

/** `thread "worker-1"`: a Thread object, by the registry that has one entry for each running thread. */
const threadObject: NamingRule = ({ snapshot }, trail, hop) => {
  if (trail.text !== THREAD_REGISTRY || hop.place.kind !== "value") return null;
  const ident = textOf(snapshot.texts, hop.place.key);
  const thread = snapshot.threads.find((each) => each.ident === ident);
  if (thread === undefined) return null;
  const text = threadWords(thread, hop.folded);
  return anchored(trail, text, "", `[${text}]`, { anchor: text.length + 1, kind: "instance-attribute", module: null });
};

/** ` in load()`: a traceback's frame; the chain of tracebacks goes unsaid. Its fields have no names in CPython. */
const traceback: NamingRule = (analysis, trail, hop) => {
  if (roleOf(analysis.snapshot, hop.from) !== "traceback") return null;
  const role = roleOf(analysis.snapshot, hop.to);
  if (role === "traceback") return silent(trail, "plain", { kind: "exception" });
  if (role !== "frame") return null;
  const code = codeOfFrame(analysis, hop.to);
  const words = code === null ? "in frame" : `in ${printable(code.qualname)}()`;
  return step(trail, ` ${words}`, words, {
    kind: "exception",
    file: code?.file ?? null,
    line: code?.firstLine ?? null,
  });
};

/** Up to 3.10 a generator keeps its locals in a frame object of its own, which goes unsaid. */
const frameOfSuspended: NamingRule = ({ snapshot }, trail, hop) =>
  isSuspended(snapshot, hop.from) && roleOf(snapshot, hop.to) === "frame" ? silent(trail, "plain") : null;

/** ` local batch` of a frame object. */
const frameLocal: NamingRule = (analysis, trail, hop) => {
  const { snapshot } = analysis;
  const name = localName(hop, roleOf(snapshot, hop.from) === "frame");
  if (name === null) return null;
  if (hop.before !== null && isSuspended(snapshot, hop.before))
    return suspendedTrail(analysis, trail, hop.before, hop.from, name);
  return step(trail, ` local ${name}`, `local ${name}`, {
    kind: trail.kind === "exception" ? "exception" : "frame-local",
  });
};

/** `<coroutine worker at app.py:40> local rows`: identified by its code, however the event loop holds it. */
const suspendedLocal: NamingRule = (analysis, trail, hop) => {
  const name = localName(hop, isSuspended(analysis.snapshot, hop.from));
  return name === null ? null : suspendedTrail(analysis, trail, hop.from, hop.from, name);
};

function suspendedTrail(analysis: HeapAnalysis, trail: Trail, owner: NodeIx, frame: NodeIx, name: string): Trail {
  const code = codeOfFrame(analysis, frame);
  if (code === null) return step(trail, ` local ${name}`, `local ${name}`, { kind: "task" });
  const words = `<${roleOf(analysis.snapshot, owner)} ${codeWords(code.qualname, code)}> local `;
  return anchored(trail, words, name, `local ${name}`, { kind: "task", file: code.file, line: code.firstLine });
}

function localName(hop: Hop, isFrame: boolean): string | null {
  if (!isFrame || hop.place.kind !== "field" || FRAME_FIELD.test(hop.place.name)) return null;
  return printable(hop.place.name);
}

function isSuspended(snapshot: Snapshot, node: NodeIx): boolean {
  const role = roleOf(snapshot, node);
  return role === "generator" || role === "coroutine";
}

/** The thread's own dict: one entry per `threading.local`. */
const localOfThread: NamingRule = ({ snapshot }, trail, hop) => {
  if (trail.place !== "thread-locals") return null;
  if (typeRowOf(snapshot, hop.to).name === "_localdummy") return silent(trail, "thread-locals");
  return roleOf(snapshot, hop.to) === "dict" ? threadLocalNamespace(trail) : null;
};

/** Inside a `threading.local`: a dict of dicts, one per thread. */
const valuesOfLocal: NamingRule = ({ snapshot }, trail, hop) => {
  if (isThreadLocal(snapshot, hop.from) && roleOf(snapshot, hop.to) === "dict" && !isAttributeDict(hop)) {
    return silent(trail, "thread-local", { kind: "thread-local" });
  }
  if (trail.place !== "thread-local") return null;
  return roleOf(snapshot, hop.to) === "dict" || typeRowOf(snapshot, hop.to).name === "_localdummy"
    ? threadLocalNamespace(trail)
    : null;
};

/** `threading.local` and its subclasses. */
function isThreadLocal(snapshot: Snapshot, node: NodeIx): boolean {
  return hasBase(snapshot, node, (name) => name === "_thread._local" || name === "threading.local");
}

function isAttributeDict(hop: Hop): boolean {
  return hop.place.kind === "field" && hop.place.name === "__dict__";
}

function threadLocalNamespace(trail: Trail): Trail {
  const text = `${trail.text}.<thread-local>`;
  return silent(trail, "namespace", { text, kind: "thread-local" });
}

export const threadRules: readonly NamingRule[] = [
  threadObject,
  localInDict,
  traceback,
  frameOfSuspended,
  frameLocal,
  suspendedLocal,
  localOfThread,
  valuesOfLocal,
];
