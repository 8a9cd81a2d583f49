// The fields of C futures and tasks, which have no names in CPython's member tables (Modules/_asynciomodule.c, FutureObj and
// TaskObj). What lies in them tells which one it is: only one of them can hold an exception, or a coroutine.

import type { NodeIx } from "../../base/brand.ts";
import { hasBase, roleOf } from "../analysis/edges.ts";
import type { Snapshot } from "../snapshot.ts";

/** `_exception`, `_coro` or `_context`, as Python code would write it; null for other fields and other objects. */
export function futureField(snapshot: Snapshot, from: NodeIx, to: NodeIx): string | null {
  if (!hasBase(snapshot, from, (name) => name === "_asyncio.Future" || name === "_asyncio.Task")) return null;
  switch (roleOf(snapshot, to)) {
    case "exception":
      return "_exception";
    case "coroutine":
    case "generator":
      return "_coro";
    case "context":
      return "_context";
    default:
      return null;
  }
}
