// What the page and other programs are told over HTTP beside the reports that commands print.

import type { NodeIx } from "../base/brand.ts";
import type { ProgressStep } from "./progress.ts";

/** A Python process that this user may see. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  /** Passwords and tokens are blanked. */
  readonly command: readonly string[];
  /** Memory that is its own. */
  readonly privateBytes: number;
}

export interface ProcessList {
  readonly schema: "deadweight/processes@1";
  /** The largest first. */
  readonly processes: readonly ProcessRow[];
}

/** A heap that can be looked at. */
export interface SnapshotRow {
  /** The same for the same file as long as the server runs. */
  readonly id: string;
  readonly name: string;
  readonly fileBytes: number;
  /** When the file was written. */
  readonly writtenAtMs: number;
}

export interface SnapshotList {
  readonly schema: "deadweight/snapshots@1";
  /** The newest first. */
  readonly snapshots: readonly SnapshotRow[];
}

export interface HeapSummary {
  readonly schema: "deadweight/heap@1";
  readonly python: string;
  readonly pid: number | null;
  readonly takenAtMs: number;
  readonly nodes: number;
  readonly edges: number;
  readonly liveBytes: number;
  /** Share of objects whose reference count is what the graph explains; null where no counts are known. */
  readonly exactness: number | null;
  /** Texts and keys beyond names are held back. */
  readonly isRedacted: boolean;
  readonly warnings: readonly string[];
}

/** One row: a named place, or all objects of one type below the row above. */
export interface RetentionRow {
  readonly label: string;
  /** Where the name stands in the source, as far as the heap knows. */
  readonly file: string | null;
  readonly line: number | null;
  /** Of the object that the name stands for, a selector; null for objects that were put together by type. */
  readonly address: string | null;
  /** Bytes of the objects of this row alone. The rows below have theirs; all rows together are the heap. */
  readonly ownBytes: number;
  readonly ownCount: number;
  /** With all rows below. */
  readonly retainedBytes: number;
  /** The largest first. */
  readonly below: readonly RetentionRow[];
}

export interface RetentionReport {
  readonly schema: "deadweight/retention@1";
  readonly liveBytes: number;
  readonly root: RetentionRow;
}

export interface Neighbour {
  readonly node: NodeIx;
  readonly type: string;
  readonly address: string;
  readonly entries: number | null;
  readonly shallowBytes: number;
  readonly heldBytes: number;
  /** The path of a subject and of the root it hangs on; null between them. */
  readonly name: string | null;
  readonly isSubject: boolean;
  /** Objects it refers to, and that refer to it, beyond what is shown. Null: not counted. */
  readonly hiddenTargets: number;
  readonly hiddenReferrers: number | null;
}

export interface NeighbourEdge {
  readonly from: NodeIx;
  readonly to: NodeIx;
  /** `.rows`, `['k1']`, `[3]`; several edges between the same two are one. */
  readonly label: string;
  /** On the shortest path from a root to a subject. */
  readonly isPath: boolean;
}

export interface NeighbourhoodReport {
  readonly schema: "deadweight/neighbourhood@1";
  readonly nodes: readonly Neighbour[];
  readonly edges: readonly NeighbourEdge[];
  /** Objects the selector stands for; the largest of them are subjects. */
  readonly matched: number;
}

/** Lines of the source around the place that keeps an object. */
export interface SourceExcerpt {
  readonly schema: "deadweight/source@1";
  /** As the process calls it; null where nothing says. */
  readonly file: string | null;
  /** The line that is meant; null where only the file is known. */
  readonly line: number | null;
  readonly lines: readonly { readonly line: number; readonly text: string }[];
  /** Why there are no lines, or what is to be known of them; null when all is well. */
  readonly remark: string | null;
}

/** What an object says: its own text, or those of what it holds. */
export interface ValueReport {
  readonly schema: "deadweight/value@1";
  readonly type: string;
  /** Texts are held back: the server was started without `--values`. */
  readonly isRedacted: boolean;
  /** Null for objects that have no text, and for texts that were not kept. */
  readonly text: string | null;
  readonly entries: readonly ValueEntry[];
  /** Entries beyond those. */
  readonly hidden: number;
}

export interface ValueEntry {
  /** `['k17']`, `[3]`, `.user`, `{member}`. */
  readonly edge: string;
  readonly type: string;
  readonly text: string | null;
  readonly address: string;
}

/** A program that has governed caches, or had them. */
export interface GovernedApp {
  readonly app: string;
  /** What a command may name: functions, `ns:NAMESPACE`, `tag:NAME`. Empty where the program has not said. */
  readonly selectors: readonly string[];
}

export interface GovernedApps {
  readonly schema: "deadweight/apps@1";
  /** By name. */
  readonly apps: readonly GovernedApp[];
}

export const JOB_KINDS = ["snapshot", "diagnosis", "caches", "advice", "findings", "comparison"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** Work that takes longer than a request. */
export interface Job {
  readonly schema: "deadweight/job@1";
  readonly id: string;
  readonly kind: JobKind;
  /** What it is about, in words: "process 4711". */
  readonly about: string;
  readonly state: "running" | "done" | "failed";
  readonly startedAtMs: number;
  /** The last that was heard; null before anything was. */
  readonly progress: ProgressStep | null;
  /** Null unless it failed. */
  readonly problem: { readonly code: string; readonly message: string } | null;
}

export interface JobList {
  readonly schema: "deadweight/jobs@1";
  /** The newest first. */
  readonly jobs: readonly Job[];
}
