// Everything that can keep us from reading a target, as data. The sentences live in explainTargetError.

export type TargetError =
  | { readonly code: "no-such-process"; readonly pid: number }
  | { readonly code: "exited-during-read"; readonly pid: number }
  | { readonly code: "zombie"; readonly pid: number }
  | { readonly code: "kernel-thread"; readonly pid: number; readonly name: string }
  | {
      readonly code: "permission";
      readonly pid: number;
      readonly ownerUid: number;
      readonly ourUid: number;
      readonly yamaScope: number | null;
      readonly hasPtraceCapability: boolean;
    }
  | { readonly code: "not-python"; readonly pid: number | null; readonly executable: string }
  | { readonly code: "not-64-bit"; readonly pid: number | null; readonly executable: string }
  | { readonly code: "unsupported-version"; readonly version: string; readonly supported: readonly string[] }
  | { readonly code: "unsupported-build"; readonly version: string; readonly build: string }
  | { readonly code: "layout-mismatch"; readonly version: string; readonly detail: string }
  | { readonly code: "interpreter-not-initialised"; readonly pid: number | null }
  | {
      readonly code: "pause-limit";
      readonly pid: number;
      readonly limitMs: number;
      readonly copiedBytes: number;
      readonly totalBytes: number;
      readonly estimatedMs: number | null;
    }
  | {
      readonly code: "too-large";
      readonly pid: number | null;
      /** What is to be copied. */
      readonly bytes: number;
      /** What can be had; null when the system refused without saying how much it would give. */
      readonly limitBytes: number | null;
    }
  | { readonly code: "cannot-stop"; readonly pid: number; readonly detail: string }
  | { readonly code: "interrupted"; readonly pid: number; readonly signal: string }
  | { readonly code: "core-unreadable"; readonly file: string; readonly detail: string }
  | { readonly code: "core-incomplete"; readonly file: string; readonly detail: string }
  /** A file that was mapped is needed, and this machine has none or another build. */
  | { readonly code: "core-needs-file"; readonly file: string; readonly mapped: string; readonly problem: string };

/** What can go wrong with a snapshot file. */
export type SnapshotFileError =
  | { readonly code: "not-found"; readonly file: string }
  | { readonly code: "not-readable"; readonly file: string; readonly detail: string }
  | { readonly code: "not-a-snapshot"; readonly file: string; readonly seen: string }
  | { readonly code: "newer-format"; readonly file: string; readonly version: number; readonly supported: number }
  | { readonly code: "truncated"; readonly file: string; readonly detail: string }
  | { readonly code: "corrupt"; readonly file: string; readonly detail: string }
  | { readonly code: "not-writable"; readonly file: string; readonly detail: string };
