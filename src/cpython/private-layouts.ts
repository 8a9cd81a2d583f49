// Layouts of structs that no header declares; see tools/layouts/private-structs.h for the mirrored declarations.

import type { MaybeOffset, Offset } from "./layout.ts";

/**
 * Structs that CPython declares inside a .c file of one module. The generator compiles a mirror of each declaration
 * (source file and version cited there). `size` must equal the type's `tp_basicsize` in the target before it is used.
 */
export interface PrivateLayouts {
  /** `blockNext` is the right link of a block; 3.11+ also keeps up to 16 free blocks, which hold nothing. */
  readonly deque: {
    readonly size: number;
    readonly leftBlock: Offset;
    readonly leftIndex: Offset;
    /** -1 for an unbounded one. */
    readonly maxLength: Offset;
    readonly blockLength: number;
    readonly blockSize: number;
    readonly blockItems: Offset;
    readonly blockNext: Offset;
    readonly weakreflist: Offset;
  };
  readonly lruCache: {
    readonly size: number;
    readonly rootPrevious: Offset;
    readonly rootNext: Offset;
    readonly cache: Offset;
    readonly hits: Offset;
    readonly function: Offset;
    readonly maxsize: Offset;
    readonly misses: Offset;
    readonly cacheInfoType: Offset;
    readonly dict: Offset;
    /** 3.9+. */
    readonly weakreflist: MaybeOffset;
  };
  readonly lruLink: {
    readonly size: number;
    readonly previous: Offset;
    readonly next: Offset;
    readonly key: Offset;
    readonly result: Offset;
  };
  /** Nodes are malloc'ed, and each owns its key once more. */
  readonly orderedDict: {
    readonly size: number;
    readonly fastNodes: Offset;
    readonly fastNodesSize: Offset;
    readonly first: Offset;
    readonly last: Offset;
    /** Changes of the list: one when a node comes, one when it goes, two when it is moved. */
    readonly state: Offset;
    readonly dict: Offset;
    readonly weakreflist: Offset;
    readonly nodeSize: number;
    readonly nodeKey: Offset;
    readonly nodeHash: Offset;
    readonly nodeNext: Offset;
    readonly nodePrevious: Offset;
  };
  /** itertools.count. */
  readonly count: { readonly size: number; readonly count: Offset };
  readonly array: {
    readonly size: number;
    readonly items: Offset;
    readonly allocated: Offset;
    readonly descriptor: Offset;
    readonly descriptorItemSize: Offset;
    readonly weakreflist: Offset;
  };
  readonly bytesIO: { readonly size: number; readonly buffer: Offset };
  readonly stringIO: { readonly size: number; readonly buffer: Offset; readonly bufferSize: Offset };
  readonly buffered: {
    readonly size: number;
    readonly raw: Offset;
    readonly buffer: Offset;
    readonly bufferSize: Offset;
  };
  readonly module: {
    readonly size: number;
    readonly dict: Offset;
    /** Up to 3.14: the definition says how large the state is. From 3.15 on the module does. */
    readonly definition: MaybeOffset;
    readonly stateSize: MaybeOffset;
    readonly state: Offset;
    readonly name: Offset;
    readonly weaklist: Offset;
  };
  readonly moduleDefinition: { readonly stateSize: Offset };
  /** State of the module `atexit` up to 3.9: a pointer to pointers to callbacks, and how many. Later: see InterpreterLayout. */
  readonly exitModuleState: { readonly callbacks: Offset; readonly count: Offset } | null;
  /** One function given to `atexit.register`; `args` is a tuple, `kwargs` a dict or null. */
  readonly exitCallback: { readonly function: Offset; readonly args: Offset; readonly kwargs: Offset };
  readonly contextVariable: { readonly size: number; readonly name: Offset; readonly default: Offset };
  readonly managedBuffer: { readonly size: number; readonly object: Offset };
}
