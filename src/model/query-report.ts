// `deadweight query`: what can be asked of a heap, and the answer as `--json` prints it.

export type QueryFieldKind = "text" | "count" | "bytes" | "truth";

export type QueryFieldName =
  | "type"
  | "module"
  | "text"
  | "entries"
  | "size"
  | "retained"
  | "held"
  | "objects"
  | "referrers"
  | "references"
  | "depth"
  | "garbage";

export interface QueryField {
  readonly name: QueryFieldName;
  readonly kind: QueryFieldKind;
  readonly is: string;
}

/** Everything a condition or an order may name. Help and docs/query.md are made from it. */
export const QUERY_FIELDS: readonly QueryField[] = [
  { name: "type", kind: "text", is: "the type, with or without its module: Session, app.models.Session" },
  { name: "module", kind: "text", is: "the module whose name leads to the object: app.sessions; <native>, <garbage>" },
  { name: "text", kind: "text", is: "the text of a string or number, where the snapshot has it (--values)" },
  { name: "entries", kind: "count", is: "elements of a container, entries of a cache" },
  { name: "size", kind: "bytes", is: "bytes of the object itself" },
  { name: "retained", kind: "bytes", is: "bytes that would be freed with it" },
  { name: "held", kind: "bytes", is: "retained, and what is shared and counts for it: the size that `top` shows" },
  { name: "objects", kind: "count", is: "objects that would be freed with it, itself included" },
  { name: "referrers", kind: "count", is: "references to it from other objects" },
  { name: "references", kind: "count", is: "references from it to other objects" },
  { name: "depth", kind: "count", is: "steps of the shortest way from a root; 0 for a root" },
  { name: "garbage", kind: "truth", is: "whether nothing reaches it any more" },
];

/** What objects can be put together by. */
export const QUERY_GROUPS = ["type", "module", "text"] as const;
export type QueryGroupName = (typeof QUERY_GROUPS)[number];

export interface QueryRow {
  readonly path: string;
  readonly type: string;
  readonly address: string;
  readonly entries: number | null;
  readonly shallowBytes: number;
  readonly retainedBytes: number;
  readonly heldBytes: number;
  readonly referrers: number;
  /** Where the snapshot has it. */
  readonly text: string | null;
}

export interface QueryGroup {
  readonly name: string;
  readonly count: number;
  readonly shallowBytes: number;
  /** Sum of what the objects hold; objects within objects of the group count twice. */
  readonly heldBytes: number;
}

/** `deadweight query --json`. */
export interface QueryReport {
  readonly schema: "deadweight/query@1";
  readonly query: string;
  readonly python: string;
  readonly pid: number | null;
  /** Objects for which the conditions hold. */
  readonly matched: number;
  readonly shallowBytes: number;
  /** Bytes that would be freed if all of them went away; of garbage, its own. */
  readonly retainedBytes: number;
  /** As many as the query asks for, in its order; empty when it groups. */
  readonly rows: readonly QueryRow[];
  /** Null when the query does not group. */
  readonly groups: readonly QueryGroup[] | null;
  readonly warnings: readonly string[];
}
