// What the main thread and its helpers tell each other while a heap is read. Typed arrays in these messages lie in shared
// memory unless said otherwise.

import type { Interpreter } from "../cpython/interpreter.ts";
import type { Layout } from "../cpython/layout.ts";
import type { ImageRun } from "../cpython/memory-image.ts";
import type { KnownReads } from "../cpython/remembering-reader.ts";
import type { RefGraph } from "../graph/ref-graph.ts";
import type { RootCandidates } from "../heap/analysis/roots.ts";
import type { Weights } from "../heap/analysis/weights.ts";
import type { ListEnds, ListShare } from "../heap/walk/gc-lists.ts";
import type { ColumnSpace } from "../heap/walk/renumber.ts";
import type { TypeKey } from "../heap/walk/settle-types.ts";

/** Jobs of one reading, in this order. */
export type HeapJob =
  | {
      readonly kind: "prepare";
      readonly buffer: SharedArrayBuffer;
      readonly runs: readonly ImageRun[];
      readonly pageCount: number;
      readonly interpreter: Interpreter;
      readonly layout: Layout;
      /** The bitmap of objects that all walkers mark. */
      readonly marked: Int32Array;
      readonly mailbox: SharedArrayBuffer;
    }
  | { readonly kind: "lists"; readonly heads: readonly number[]; readonly ends: ListEnds; readonly known: KnownReads }
  /** `cursor[0]` is the next block that nobody has taken. */
  | { readonly kind: "mark"; readonly tracked: Int32Array; readonly cursor: Int32Array; readonly known: KnownReads }
  | {
      readonly kind: "sweep";
      readonly types: readonly TypeKey[];
      readonly space: ColumnSpace;
      readonly cursor: Int32Array;
      readonly known: KnownReads;
      /** Room for this helper's share of Columns.balance. */
      readonly balance: Int32Array;
    }
  | {
      readonly kind: "weigh";
      readonly refs: RefGraph;
      readonly sizes: Uint32Array;
      readonly oversize: ReadonlyMap<number, number>;
      readonly roots: RootCandidates;
    };

export type HeapDone =
  | { readonly kind: "prepare" }
  | { readonly kind: "lists"; readonly shares: readonly ListShare[] }
  | {
      readonly kind: "mark";
      readonly edgesOfBlock: Uint32Array;
      readonly types: readonly TypeKey[];
      readonly staticTypes: readonly number[];
    }
  | { readonly kind: "sweep"; readonly oversize: ReadonlyMap<number, number> }
  /** In memory of its own, which is handed over. */
  | { readonly kind: "weigh"; readonly weights: Weights };

/** Helper to main. "ask": look into the mailbox. */
export type HelperMessage = { readonly kind: "done"; readonly done: HeapDone } | { readonly kind: "ask" };

export type JobOf<Kind extends HeapJob["kind"]> = Extract<HeapJob, { readonly kind: Kind }>;
export type DoneOf<Kind extends HeapJob["kind"]> = Extract<HeapDone, { readonly kind: Kind }>;
