// Expressions whose values grow with the data: files, results of queries, tables, bodies of requests.

import type { FileView } from "../../python/file-view.ts";
import { absoluteName } from "../../python/names-in-file.ts";
import { assignedValues } from "../../python/origins.ts";
import { remembered } from "../../python/remembered.ts";
import type { Variable } from "../../python/scope.ts";
import type { Call, Expression } from "../../python/tree.ts";

const MAKERS =
  /^(?:pandas\.(?:read_\w+|DataFrame|concat|merge)|numpy\.(?:load|loadtxt|genfromtxt|fromfile|zeros|ones|empty|full|array)|json\.loads?|pickle\.loads?|torch\.load|yaml\.(?:safe_)?load|polars\.read_\w+|pyarrow\.\w+\.read_\w+|cv2\.imread|PIL\.Image\.open)$/;

/** Methods that read everything there is. `read(n)` and `readline()` do not. */
const READERS = /^(?:read|readall|readlines|read_text|read_bytes|fetchall|all|to_pandas|to_dict|getvalue)$/;

/** What the value is, in words ("all rows of a query"); null for what may be small. O(1). */
export function largeValue(file: FileView, value: Expression): string | null {
  switch (value.kind) {
    case "await":
      return largeValue(file, value.value);
    case "call":
      return largeResult(file, value);
    case "attribute":
      return value.name === "content" && value.object.kind === "call" ? "the body of an answer" : null;
    default:
      return null;
  }
}

function largeResult(file: FileView, call: Call): string | null {
  const name = absoluteName(file, call.callee);
  if (name !== null && MAKERS.test(name)) return `what \`${name}\` reads`;
  if (call.callee.kind !== "attribute" || !READERS.test(call.callee.name)) return null;
  if (call.callee.name === "fetchall" || call.callee.name === "all")
    return call.arguments.length === 0 ? "all rows of a query" : null;
  return call.arguments.length === 0 || call.callee.name !== "read" ? "all of a file" : null;
}

/** The same for what is assigned to a variable. */
export function largeVariable(file: FileView, variable: Variable): string | null {
  return remembered(file, largestOf, variable);
}

function largestOf(variable: Variable, file: FileView): string | null {
  for (const value of assignedValues(variable)) {
    const large = largeValue(file, value);
    if (large !== null) return large;
  }
  return null;
}
