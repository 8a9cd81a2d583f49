// The result of reading a heap: flat columns, one row per object. This is what a snapshot file holds and what every
// query reads. Objects exist only for the few thousand types, roots, threads and code objects; never per node or edge.

import type { NodeIx, TypeIx } from "../base/brand.ts";
import type { RefGraph } from "../graph/ref-graph.ts";
import type { SnapshotMeta } from "../model/snapshot-meta.ts";

/** How the edges of a node are read; see `edgeLabel`. */
export type NodeShape =
  /** No positional edges. */
  | "fields"
  /** Positional edges are elements 0, 1, 2... (list, tuple, deque, object array). */
  | "sequence"
  /** Positional edges come in pairs: key, value, key, value... */
  | "mapping"
  /** Positional edges are members without order. */
  | "set";

/** One row of the type table. The same Python type may have several rows that differ in `attributes` only. */
export interface TypeRow {
  /** Row of the Python type itself: equal to the own index unless this row is a variant with other `attributes`. */
  readonly canonical: TypeIx;
  /** "User", "dict", "deque": `__qualname__` for heap types, last part of tp_name otherwise. */
  readonly name: string;
  /** "app.models", "builtins", "collections". */
  readonly module: string;
  /** Row of `tp_base`, or -1. */
  readonly base: number;
  /** The type object itself as a node, 0 when it is not in the graph. */
  readonly node: NodeIx;
  readonly shape: NodeShape;
  /** What the queries need to know about the type without looking at its name. */
  readonly role: TypeRole;
  /** Names of attributes in the order of the shared keys: label `ATTRIBUTE_LABEL | i` is `attributes[i]`. */
  readonly attributes: readonly string[];
  /** Names of fields at fixed places: label -> name ("__dict__", "__closure__", "func", a slot's name). */
  readonly fields: ReadonlyMap<number, string>;
}

/** Roles a type can play in a path. */
export type TypeRole =
  | "plain"
  | "module"
  | "type"
  | "function"
  | "method"
  | "code"
  | "cell"
  | "frame"
  | "generator"
  | "coroutine"
  | "dict"
  | "list"
  | "tuple"
  | "set"
  | "deque"
  | "str"
  | "bytes"
  | "int"
  | "float"
  | "lru-cache"
  | "lru-link"
  | "weakref"
  | "exception"
  | "traceback"
  | "ndarray"
  | "none"
  | "property"
  | "mappingproxy"
  | "thread-local"
  | "context"
  /** The tree of a context, and its inner nodes: immutable, since contexts share them. */
  | "context-values";

export {
  ATTRIBUTE_LABEL,
  CLASS_LABEL,
  DICT_LABEL,
  FIRST_FIELD_LABEL,
  POSITIONAL_LABEL,
  UNNAMED_LABEL,
} from "../cpython/labels.ts";

/** Tiers of roots: a path from a lower tier reads better and is preferred. */
export const ROOT_TIERS = ["modules", "frames", "static-types", "interpreter", "native"] as const;
export type RootTier = (typeof ROOT_TIERS)[number];

export type InterpreterNamespace = "sys.modules" | "sys.__dict__" | "builtins.__dict__";

/** `interpreter`: the number that Python gives it; absent for the main one. */
export interface InterpreterOrigin<Kind extends InterpreterNamespace> {
  readonly kind: Kind;
  readonly interpreter?: number;
}

/** Why a node is alive without anything in the graph holding it. */
export type RootOrigin =
  | InterpreterOrigin<"sys.modules">
  | InterpreterOrigin<"sys.__dict__">
  | InterpreterOrigin<"builtins.__dict__">
  /** `thread` and `frame` index into `Snapshot.threads`. */
  | { readonly kind: "frame-local"; readonly thread: number; readonly frame: number; readonly name: string }
  | {
      readonly kind: "frame";
      readonly thread: number;
      readonly frame: number;
      readonly part: "code" | "function" | "locals" | "object" | "stack";
    }
  | { readonly kind: "thread"; readonly thread: number; readonly part: string }
  | { readonly kind: "static-type" }
  /** `part`: the name of the member that owns it; null for a word that was found by scanning. */
  | { readonly kind: "interpreter"; readonly offset: number; readonly part: string | null }
  /** Given to `atexit.register`, as number `index` of those that are left. */
  | { readonly kind: "exit-callback"; readonly index: number; readonly part: "function" | "args" | "kwargs" }
  /** Refcount says something outside the graph holds it. */
  | { readonly kind: "native" };

export interface Root {
  readonly node: NodeIx;
  readonly tier: RootTier;
  readonly origin: RootOrigin;
}

/** One Python frame of a thread, innermost first. */
export interface FrameRow {
  readonly code: NodeIx;
  readonly function: string;
  readonly file: string;
  readonly line: number;
}
export interface ThreadRow {
  /** Name given by the `threading` module, "MainThread"; empty when the thread was not made by it. */
  readonly name: string;
  /** `PyThreadState.thread_id`, as text since it may exceed 2^53. */
  readonly ident: string;
  readonly frames: readonly FrameRow[];
}

/** What a code object says about a function; found for every code object in the graph. */
export interface CodeRow {
  readonly node: NodeIx;
  readonly qualname: string;
  readonly file: string;
  readonly firstLine: number;
  /** Names of free variables: entry i names cell i of `__closure__`. */
  readonly freeVariables: readonly string[];
  /** Names of positional parameters; defaults belong to the last of them. */
  readonly parameters: readonly string[];
}

/**
 * Counters of one `functools.lru_cache` wrapper. The pairs of its dict are in order of use, least recent first.
 */
export interface LruCacheRow {
  readonly node: NodeIx;
  readonly hits: number;
  readonly misses: number;
  /** Null for unbounded. */
  readonly maxsize: number | null;
  readonly entries: number;
}

/** Short texts of nodes: dict keys that are identifiers, small ints used as keys; all strings with `--values`. */
export interface TextTable {
  /** Ascending node rows that have a text. */
  readonly node: Uint32Array;
  /** `node.length + 1` byte offsets into `utf8`. */
  readonly start: Uint32Array;
  readonly utf8: Uint8Array;
}

/** Columns over nodes; row 0 is the pseudo object "not readable" (type 0, size 0, no edges). */
export interface NodeTable {
  readonly count: number;
  readonly type: Uint16Array;
  /** Shallow size in bytes, GC head and instance attributes included; 0xffffffff means: look in `oversize`. */
  readonly shallowBytes: Uint32Array;
  /** Sizes of 4 GiB and more, by node. */
  readonly oversize: ReadonlyMap<number, number>;
  /** Low 32 bits of the address; rows ascend by full address. */
  readonly addressLow: Uint32Array;
  /** Ascending: rows from `firstNode` on have the high word `high`. */
  readonly addressHigh: readonly { readonly firstNode: number; readonly high: number }[];
}

/** The excess of an object that lives as long as the interpreter and whose refcount therefore counts nothing. */
export const IMMORTAL_EXCESS: number = 2 ** 30;

/** refcount - in-degree where it is not 0: references the graph does not show. Immortal objects: IMMORTAL_EXCESS. */
export interface ExcessTable {
  /** Ascending node rows. */
  readonly node: Uint32Array;
  readonly excess: Int32Array;
}

export interface Snapshot {
  readonly meta: SnapshotMeta;
  readonly types: readonly TypeRow[];
  readonly nodes: NodeTable;
  readonly refs: RefGraph;
  /** One label per edge, parallel to `refs.edgeTarget`. */
  readonly edgeLabel: Uint16Array;
  readonly excess: ExcessTable;
  readonly roots: readonly Root[];
  readonly threads: readonly ThreadRow[];
  readonly codes: readonly CodeRow[];
  readonly lruCaches: readonly LruCacheRow[];
  readonly texts: TextTable;
}
