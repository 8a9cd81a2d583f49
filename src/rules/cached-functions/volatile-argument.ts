// Calls with an argument that is never the same twice.

import type { SourceRange } from "../../model/finding.ts";
import type { FileView } from "../../python/file-view.ts";
import type { FreshKind, Origin } from "../../python/origin.ts";
import { originOf } from "../../python/origins.ts";
import type { Call, Expression } from "../../python/tree.ts";
import { cacheableCallee } from "./cacheable-callee.ts";

export interface VolatileCall {
  /** Absolute name of what is called. */
  readonly callee: string;
  readonly at: SourceRange;
  readonly what: FreshKind | "request";
  /** As it is written. */
  readonly argument: string;
  readonly isInFunction: boolean;
}

/** Callees whose result is worth asking about: one look at the text before anything is resolved. */
const FRESH_TEXT =
  /\b(?:time|time_ns|monotonic|perf_counter|now|utcnow|today|uuid\d?|random|randint|randrange|getrandbits|token_\w+|urandom|id|repr)\(/;
const LONGEST_ARGUMENT = 200;

/** Outside of tests. Null unless an argument, or the text or tuple it makes, is new every time. O(arguments). */
export function volatileArgument(file: FileView, call: Call): VolatileCall | null {
  if (file.isTest) return null;
  for (const { value } of call.arguments) {
    const what = mayBeFresh(file, value) ? volatileKind(originOf(file, value)) : null;
    if (what === null) continue;
    const callee = cacheableCallee(file, call.callee);
    if (callee === null) return null;
    return {
      callee,
      at: file.rangeOf(call),
      what,
      argument: file.text.slice(value.start, value.end).replaceAll(/\s+/g, " ").slice(0, 60),
      isInFunction: file.scopes.scopeOf(call).kind !== "module",
    };
  }
  return null;
}

function mayBeFresh({ text }: FileView, value: Expression): boolean {
  switch (value.kind) {
    case "name":
      return /^(?:request|req|now|ts|timestamp|token|nonce|uid|uuid|started|start)/.test(value.id);
    case "call":
    case "f-string":
    case "display":
    case "operation":
      return FRESH_TEXT.test(text.slice(value.start, Math.min(value.end, value.start + LONGEST_ARGUMENT)));
    default:
      return false;
  }
}

/** Arithmetic with the time, such as `time() // 60`, is the usual way to let entries expire: not new every time. */
export function volatileKind(origin: Origin): FreshKind | "request" | null {
  if (origin.from === "fresh") return /^(?:time|uuid|random|id|repr)$/.test(origin.what) ? origin.what : null;
  if (origin.from === "parameter") return /^(?:request|req)$/.test(origin.name) ? "request" : null;
  if (origin.from !== "parts" || (origin.how !== "text" && origin.how !== "tuple")) return null;
  for (const part of origin.parts) {
    const what = volatileKind(part);
    if (what !== null && what !== "request") return what;
  }
  return null;
}
