// Everything that can keep us from running a line of Python in a process, as data. The sentences live in explainAttachError.

import type { TargetError } from "./target-error.ts";

export type AttachError =
  | TargetError
  /** Somebody has forbidden it; `by` is the variable, the option, or null when only the interpreter says so. */
  | { readonly code: "attach-forbidden"; readonly pid: number; readonly by: string | null }
  | { readonly code: "attach-other-user"; readonly pid: number; readonly ownerUid: number; readonly ourUid: number }
  /** Its files are not ours, so it could not open what we leave for it. */
  | { readonly code: "attach-elsewhere"; readonly pid: number }
  | { readonly code: "attach-unknown-release"; readonly pid: number; readonly version: string; readonly known: string }
  /** Memory does not look as this version's does; nothing was written. */
  | { readonly code: "attach-unsound"; readonly pid: number; readonly version: string; readonly seen: string }
  | { readonly code: "attach-busy"; readonly pid: number; readonly seen: string }
  | { readonly code: "attach-no-write"; readonly pid: number; readonly detail: string }
  /** Nobody took the call in time; it was withdrawn. `waitsIn` is what its main thread does, null when it runs. */
  | {
      readonly code: "attach-not-taken";
      readonly pid: number;
      readonly seconds: number;
      readonly waitsIn: string | null;
      readonly canUseGdb: boolean;
    }
  | { readonly code: "attach-failed-inside"; readonly pid: number; readonly detail: string }
  | { readonly code: "attach-gdb"; readonly pid: number; readonly detail: string }
  | { readonly code: "attach-no-folder"; readonly detail: string }
  | { readonly code: "already-attached"; readonly pid: number }
  | { readonly code: "not-attached"; readonly pid: number }
  | { readonly code: "attach-no-connection"; readonly pid: number; readonly detail: string };
