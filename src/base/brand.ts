// Branded integers: every number that indexes something or points somewhere says which space it lives in.

declare const tag: unique symbol;

/** A number that belongs to one index space; the module that owns the space does the cast. */
export type Id<Name extends string> = number & { readonly [tag]: Name };

/** Address in the *target* process: 47 bits, exact in a double. Never dereferenced by us. */
export type Addr = Id<"Addr">;

/** Row in a snapshot's object table. Rows are in ascending address order; row 0 stands for "not readable". */
export type NodeIx = Id<"NodeIx">;

/** Position of an edge in a snapshot's edge arrays. */
export type EdgeIx = Id<"EdgeIx">;

/** Row in a snapshot's type table. */
export type TypeIx = Id<"TypeIx">;
