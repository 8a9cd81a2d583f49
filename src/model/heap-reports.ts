// Results of the heap commands, exactly as `--json` prints them (schema files in docs/schema).

import type { Holder, PathStep } from "./holder.ts";
import type { CollectorFacts } from "./snapshot-meta.ts";

/** `deadweight snapshot --json`. */
export interface SnapshotReport {
  readonly schema: "deadweight/snapshot@1";
  /** How the heap was read: by copying memory, from a sleeping copy of the process, by the process itself, from another tool's dump. */
  readonly way: "outside" | "fork" | "inside" | "imported";
  readonly python: string;
  readonly nodes: number;
  readonly edges: number;
  readonly liveBytes: number;
  readonly copiedBytes: number;
  readonly pauseMs: number | null;
  /** Null where the source has no reference counts. */
  readonly exactness: number | null;
  readonly collecting: boolean;
  readonly threads: number;
  readonly file: string;
  readonly fileBytes: number;
  readonly warnings: readonly string[];
}

export interface TypeUsage {
  /** "builtins.dict" is written "dict"; others with their module. */
  readonly name: string;
  readonly count: number;
  readonly shallowBytes: number;
  /** Bytes that would be freed if all objects of this type went away. */
  readonly retainedBytes: number;
}
export interface HolderUsage {
  readonly holder: Holder;
  /** Objects behind `heldBytes`. */
  readonly count: number;
  readonly shallowBytes: number;
  /** Retained size: bytes freed with the holder. */
  readonly retainedBytes: number;
  /** Bytes that other places hold too; they count for the place that reaches them first, and for no other. */
  readonly sharedBytes: number;
  /** retainedBytes + sharedBytes: what people are shown, and what holders are sorted by. */
  readonly heldBytes: number;
  /** heldBytes / bytes of the whole heap. */
  readonly share: number;
  /** Elements directly in the container, null when it is none. */
  readonly entries: number | null;
  /** The type that brings most bytes among what it holds, null when it holds nothing. */
  readonly mostly: { readonly type: string; readonly count: number } | null;
}
export interface ModuleUsage {
  readonly name: string;
  readonly count: number;
  readonly shallowBytes: number;
  readonly retainedBytes: number;
}
/** Garbage cycles that the collector has not collected yet. */
export interface GarbageUsage {
  readonly count: number;
  readonly shallowBytes: number;
  /** Largest groups: each is one strongly connected knot with what only it reaches. */
  readonly groups: readonly {
    readonly types: string;
    readonly cycles: number;
    readonly count: number;
    readonly shallowBytes: number;
  }[];
}

/** `deadweight top --json`. */
export interface TopReport {
  readonly schema: "deadweight/top@1";
  readonly python: string;
  readonly pid: number | null;
  readonly nodes: number;
  readonly liveBytes: number;
  /** Null where the source has no reference counts. */
  readonly exactness: number | null;
  /** How long the target stood still; null for a core file. */
  readonly pauseMs: number | null;
  readonly byHolder: readonly HolderUsage[];
  readonly byType: readonly TypeUsage[];
  readonly byModule: readonly ModuleUsage[];
  readonly garbage: GarbageUsage;
  readonly native: { readonly objects: number; readonly retainedBytes: number; readonly heldBytes: number };
  readonly collector: CollectorFacts;
  readonly warnings: readonly string[];
}

export interface RetainingPath {
  readonly path: string;
  readonly holder: Holder | null;
  readonly steps: readonly PathStep[];
}
/** One object the selector picked. */
export interface WhySubject {
  readonly type: string;
  readonly address: string;
  readonly shallowBytes: number;
  /** As for holders: `retainedBytes` are freed with the object, `heldBytes` are these and `sharedBytes`. */
  readonly retainedBytes: number;
  readonly sharedBytes: number;
  readonly heldBytes: number;
  readonly entries: number | null;
  /** refcount - references in the graph. */
  readonly nativeReferences: number;
  /** Shortest first; empty for garbage. */
  readonly paths: readonly RetainingPath[];
  /** What it holds in turn, largest first; elements of one type together. */
  readonly holds: readonly {
    readonly edge: string;
    readonly type: string;
    readonly count: number;
    readonly retainedBytes: number;
    readonly heldBytes: number;
  }[];
  readonly garbage: boolean;
}
/** Where all objects of a selected type are kept, by path with indices and keys folded. */
export interface PathGroup {
  /** `sys.modules['app'].REGISTRY[*].user`. */
  readonly pattern: string;
  readonly holder: Holder | null;
  readonly count: number;
  readonly shallowBytes: number;
}
/** `deadweight why --json`. */
export interface WhyReport {
  readonly schema: "deadweight/why@1";
  readonly selector: string;
  readonly matched: number;
  readonly groups: readonly PathGroup[];
  readonly subjects: readonly WhySubject[];
  readonly warnings: readonly string[];
}

export interface GrowthVerdict {
  /** How often the series rose from one snapshot to the next. */
  readonly rises: number;
  readonly steps: number;
  /** Chance of an unbroken rise among exchangeable snapshots, 1/K!; null for two snapshots. */
  readonly chance: number | null;
  readonly strength: "strong" | "weak" | "none";
  /** The reason for the strength, in words. */
  readonly because: string;
}
export interface HolderGrowth {
  readonly holder: Holder;
  /** One value per snapshot; bytes as in `HolderUsage`. The verdict and the order go by `heldBytes`. */
  readonly counts: readonly number[];
  readonly retainedBytes: readonly number[];
  readonly heldBytes: readonly number[];
  readonly entries: readonly (number | null)[];
  readonly countGrowth: number;
  readonly retainedGrowthBytes: number;
  readonly heldGrowthBytes: number;
  /** The type that brought most bytes among what was added. */
  readonly mostly: { readonly type: string; readonly count: number } | null;
  readonly verdict: GrowthVerdict;
  readonly steps: readonly PathStep[];
}
export interface TypeGrowth {
  readonly name: string;
  readonly counts: readonly number[];
  readonly shallowBytes: readonly number[];
  readonly countGrowth: number;
  readonly shallowGrowthBytes: number;
  readonly verdict: GrowthVerdict;
}
/** `deadweight diff --json`. */
export interface DiffReport {
  readonly schema: "deadweight/diff@1";
  readonly sameProcess: boolean;
  readonly snapshots: readonly {
    readonly file: string;
    readonly takenAtMs: number;
    readonly nodes: number;
    readonly liveBytes: number;
  }[];
  readonly holders: readonly HolderGrowth[];
  readonly types: readonly TypeGrowth[];
  readonly warnings: readonly string[];
}

/** `deadweight doctor --json`. */
export interface DoctorCheck {
  readonly name: string;
  readonly status: "ok" | "warning" | "problem" | "unknown";
  readonly seen: string;
  /** Why it matters and what to do next; null when all is well. */
  readonly advice: string | null;
}
export interface DoctorReport {
  readonly schema: "deadweight/doctor@1";
  readonly pid: number | null;
  readonly readable: boolean | null;
  readonly checks: readonly DoctorCheck[];
  /** Command lines that will work, when the present one will not. */
  readonly commands: readonly string[];
}
