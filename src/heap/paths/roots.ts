// How names begin: one function per kind of root.

import type { NodeIx } from "../../base/brand.ts";
import { assertUnreachable } from "../../base/invariant.ts";
import { printable } from "../../base/format-printable.ts";
import type { HolderKind } from "../../model/holder.ts";
import { qualifiedName, roleOf, typeNameOf } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import type { InterpreterNamespace, RootOrigin, Snapshot, ThreadRow } from "../snapshot.ts";
import { EMPTY_TRAIL, type Trail } from "./trail.ts";

export const GARBAGE_TEXT = "<garbage cycle>";
export const NATIVE_TEXT = "<native reference>";
export const INTERPRETER_TEXT = "<interpreter state>";

const EXIT_CALLBACKS = "atexit callbacks";
/** All that `atexit` keeps, in no object of Python. */
export const ALL_EXIT_CALLBACKS: string = `${EXIT_CALLBACKS}[*]`;

/** The name that all objects of one type have together which only native code holds. */
export function nativeTextOf(type: string): string {
  return `${NATIVE_TEXT.slice(0, -1)} to ${type}>`;
}

/** The name of a root, by the reason that makes it one. */
export function rootTrail(analysis: HeapAnalysis, node: NodeIx): Trail {
  const origin = analysis.rooted.originOf.get(node);
  if (origin === undefined) return outsideTrail(analysis.snapshot, node, NATIVE_TEXT, "native");
  const { snapshot } = analysis;
  switch (origin.kind) {
    case "sys.modules":
      return start(inInterpreter(origin, "sys.modules"), { place: "modules" });
    case "sys.__dict__":
      return start(inInterpreter(origin, "sys"), { place: "module-namespace", module: "sys" });
    case "builtins.__dict__":
      return start(inInterpreter(origin, "builtins"), { place: "module-namespace", module: "builtins" });
    case "frame-local":
      return localTrail(snapshot, origin);
    case "frame":
      return frameTrail(snapshot, origin);
    case "thread":
      return threadTrail(snapshot, node, origin);
    case "static-type":
      return start(`<type ${staticTypeName(snapshot, node)}>`, {});
    case "exit-callback":
      return exitCallbackTrail(origin);
    case "interpreter":
      return origin.part === null
        ? outsideTrail(snapshot, node, INTERPRETER_TEXT, "native")
        : interpreterPartTrail(origin.part);
    case "native":
      return outsideTrail(snapshot, node, NATIVE_TEXT, "native");
    default:
      return assertUnreachable(origin);
  }
}

/** The name of everything that nothing reaches. */
export function garbageTrail(): Trail {
  return start(GARBAGE_TEXT, { kind: "garbage-cycle" });
}

/** `thread "worker-1"`, or its number when it has no name; `thread "worker-*"` for all that differ in numbers only. */
export function threadWords(thread: ThreadRow | undefined, folded: boolean = false): string {
  if (thread === undefined) return "thread";
  const text = thread.name === "" ? `thread ${thread.ident}` : `thread "${printable(thread.name)}"`;
  return folded ? foldThread(text) : text;
}

/** `thread "worker-*" in run() local rows` for `thread "worker-17" in run() local rows`. */
export function foldThread(text: string): string {
  return text.replace(/^thread (?:"[^"]*"|\d+)/, (thread) => thread.replaceAll(/\d+/g, "*"));
}

function start(text: string, change: Partial<Trail>): Trail {
  return { ...EMPTY_TRAIL, text, anchor: text.length, edge: text, ...change };
}

/** An exception that only C code holds (the one being handled) is better known by its type. */
function outsideTrail(snapshot: Snapshot, node: NodeIx, text: string, kind: HolderKind): Trail {
  if (roleOf(snapshot, node) !== "exception") return start(text, { kind });
  return start(`<exception ${printable(typeNameOf(snapshot, node))}>`, { kind: "exception" });
}

/** `interpreter 2 sys.modules`; in the main one just `sys.modules`. */
function inInterpreter({ interpreter }: RootOrigin & { kind: InterpreterNamespace }, words: string): string {
  return interpreter === undefined ? words : `interpreter ${interpreter} ${words}`;
}

function localTrail(snapshot: Snapshot, origin: RootOrigin & { kind: "frame-local" }): Trail {
  const prefix = frameWords(snapshot, origin.thread, origin.frame);
  const frame = snapshot.threads[origin.thread]?.frames[origin.frame];
  const name = printable(origin.name);
  return {
    ...start(`${prefix} local ${name}`, { kind: "frame-local", edge: `${prefix} local ${name}` }),
    anchor: `${prefix} local `.length,
    file: frame?.file ?? null,
    line: frame?.line ?? null,
  };
}

function frameTrail(snapshot: Snapshot, origin: RootOrigin & { kind: "frame" }): Trail {
  const prefix = frameWords(snapshot, origin.thread, origin.frame);
  const frame = snapshot.threads[origin.thread]?.frames[origin.frame];
  const where = { kind: "frame-local" as const, file: frame?.file ?? null, line: frame?.line ?? null };
  if (origin.part === "locals") return start(prefix, { ...where, place: "locals" });
  return start(`${prefix} <${origin.part}>`, where);
}

function threadTrail(snapshot: Snapshot, node: NodeIx, origin: RootOrigin & { kind: "thread" }): Trail {
  const words = threadWords(snapshot.threads[origin.thread]);
  if (origin.part === "dict") return start(words, { place: "thread-locals", kind: "thread-local" });
  return outsideTrail(snapshot, node, `${words} <${printable(origin.part)}>`, "frame-local");
}

/** `atexit callbacks[3]`, `atexit callbacks[3].args`. */
function exitCallbackTrail({ index, part }: RootOrigin & { kind: "exit-callback" }): Trail {
  const text = `${EXIT_CALLBACKS}[${index}]${part === "function" ? "" : `.${part}`}`;
  return { ...start(text, { kind: "callback-list", module: "atexit" }), anchor: 0 };
}

/** `<interpreter state>.after_forkers_child`. */
function interpreterPartTrail(part: string): Trail {
  const kind = CALLBACK_PARTS.test(part) ? "callback-list" : "interpreter";
  return { ...start(`${INTERPRETER_TEXT}.${printable(part)}`, { kind }), anchor: INTERPRETER_TEXT.length + 1 };
}

/** Lists and tables of functions that a program registers. */
const CALLBACK_PARTS = /^(?:codec_search_path|codec_error_registry|audit_hooks|.*_forkers.*)$/;

/** `thread "worker-1" in handle()`. */
function frameWords(snapshot: Snapshot, thread: number, frame: number): string {
  const row = snapshot.threads[thread];
  const name = row?.frames[frame]?.function;
  return name === undefined ? threadWords(row) : `${threadWords(row)} in ${printable(name)}()`;
}

function staticTypeName(snapshot: Snapshot, node: NodeIx): string {
  const row = snapshot.types.find((type) => type.node === node);
  return row === undefined ? "?" : printable(qualifiedName(row));
}
