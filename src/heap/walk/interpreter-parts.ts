// What the interpreter's state holds under names of its own: most of it is what a program has registered, and grows when it registers
// the same again and again. Include/internal/pycore_interp.h (Include/internal/pycore_pystate.h in 3.8).

import type { Layout, Offset } from "../../cpython/layout.ts";

/** By offset in the state, the name of the member, as in CPython's own sources. */
export function interpreterParts({ interpreter, interpreterParts: parts }: Layout): ReadonlyMap<Offset, string> {
  const named = new Map<Offset, string>([
    [parts.codecSearchPath, "codec_search_path"],
    [parts.codecSearchCache, "codec_search_cache"],
    [parts.codecErrorRegistry, "codec_error_registry"],
    [parts.beforeForkers, "before_forkers"],
    [parts.afterForkersParent, "after_forkers_parent"],
    [parts.afterForkersChild, "after_forkers_child"],
    [parts.auditHooks, "audit_hooks"],
    [parts.dict, "dict"],
  ]);
  if (interpreter.exitCallbackList !== null) named.set(interpreter.exitCallbackList, "atexit_callbacks");
  if (interpreter.internedStrings !== null) named.set(interpreter.internedStrings, INTERNED_STRINGS);
  return named;
}

export const INTERNED_STRINGS = "interned_strings";
