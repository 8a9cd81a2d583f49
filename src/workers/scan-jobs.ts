// What the main thread and a helper tell each other while a project is scanned.

import type { CFileFacts } from "../csource/c-file-facts.ts";
import type { ScanProblem } from "../model/finding.ts";
import type { Suppression } from "../model/suppression.ts";
import type { ModuleFacts } from "../python/facts.ts";
import type { Json } from "../rules/rule.ts";

/** One file to scan. */
export interface ScanJob {
  /** As reports name it. */
  readonly path: string;
  readonly absolute: string;
  readonly language: "python" | "notebook" | "c" | "cython";
  readonly module: string;
  readonly isPackage: boolean;
  readonly isTest: boolean;
  /** See python/resolve-import.ts. */
  readonly neighbours?: Readonly<Record<string, string>>;
  /** The contents where they are not those on the disk: stdin, an editor, a fix that is tried. */
  readonly bytes: Uint8Array | null;
  /** What is known of the contents: the same hash needs no scan. */
  readonly knownHash: string | null;
}

/** What one file contributes to the project: plain data, kept as JSON. */
export interface FileScan {
  readonly path: string;
  readonly lines: number;
  /** Null for what is not Python. */
  readonly facts: ModuleFacts | null;
  /** Null for what is neither C nor Cython. */
  readonly cFacts: CFileFacts | null;
  /** By code of the rule. */
  readonly evidence: Readonly<Record<string, readonly Json[]>>;
  readonly suppressions: readonly Suppression[];
  readonly problems: readonly ScanProblem[];
}

export type ScanDone =
  /** The contents are those of `knownHash`. */
  | { readonly kind: "known"; readonly hash: string }
  | { readonly kind: "scanned"; readonly hash: string; readonly scan: FileScan }
  /** The same from another thread, as JSON: cheaper to hand over than objects, and what the cache keeps. */
  | { readonly kind: "packed"; readonly hash: string; readonly text: string }
  /** The file cannot be read; `reason` without a full stop. */
  | { readonly kind: "unreadable"; readonly reason: string };

export interface HelperRequest {
  readonly id: number;
  readonly jobs: readonly ScanJob[];
}
export interface HelperAnswer {
  readonly id: number;
  readonly done: readonly ScanDone[];
}
