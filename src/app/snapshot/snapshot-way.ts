// What can keep a snapshot with the target's help from being taken, and the sentence for it.

import { explainAttachError } from "../../model/explain-attach-error.ts";
import type { AttachError } from "../../model/attach-error.ts";
import { explainHeapError, type HeapError } from "../open-heap.ts";

export type HelpedSnapshotError =
  | { readonly code: "attach"; readonly error: AttachError }
  | { readonly code: "heap"; readonly error: HeapError }
  /** `detail` is a whole sentence, without its full stop. */
  | { readonly code: "inside-failed"; readonly pid: number; readonly detail: string }
  | { readonly code: "not-a-process"; readonly target: string };

export function explainHelpedError(error: HelpedSnapshotError): string {
  switch (error.code) {
    case "attach":
      return explainAttachError(error.error);
    case "heap":
      return explainHeapError(error.error);
    case "inside-failed":
      return `Process ${error.pid} took no snapshot of itself, and goes on as before: ${error.detail}.`;
    case "not-a-process":
      return `--fork and --inside need a running process, and ${error.target} is none: give its process ID, or leave the option out.`;
  }
}

/** As `--json` names it. */
export function codeOfHelpedError(error: HelpedSnapshotError): string {
  return error.code === "attach" || error.code === "heap" ? error.error.code : error.code;
}
