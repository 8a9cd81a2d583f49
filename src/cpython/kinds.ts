// How the references of an object are found. One number per type row, so that the hot loop can branch on it.

/** Kinds of object layouts. A type inherits the kind of the first base that is not plain. */
export const Kind = {
  /** Holds no references: float, complex, None. */
  leaf: 0,
  /** References lie at fixed places in the object; found conservatively, word by word. */
  fields: 1,
  str: 2,
  bytes: 3,
  int: 4,
  tuple: 5,
  list: 6,
  dict: 7,
  orderedDict: 8,
  set: 9,
  type: 10,
  weakref: 11,
  /** Frame object of 3.8-3.10: holds its locals itself. */
  frame: 12,
  /** Frame object of 3.11+: points to an interpreter frame. */
  frameView: 13,
  /** Generator, coroutine, async generator; since 3.11 with its frame inside. */
  generator: 14,
  code: 15,
  module: 16,
  deque: 17,
  lruCache: 18,
  lruLink: 19,
  ndarray: 20,
  bytearray: 21,
  array: 22,
  memoryview: 23,
  managedBuffer: 24,
  bytesIO: 25,
  stringIO: 26,
  buffered: 27,
  element: 28,
  simpleQueue: 29,
  /** Inner node of the tree that a contextvars.Context keeps its values in, with pairs of variable and value. */
  contextNode: 30,
  contextVariable: 31,
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

/** Kinds whose layout begins with a fixed struct that the scanner reads itself; further words belong to subclasses. */
export function hasOwnStruct(kind: Kind): boolean {
  return kind !== Kind.leaf && kind !== Kind.fields;
}

/** Kinds whose struct holds no references; objects of a subclass may. */
export function holdsNothing(kind: Kind): boolean {
  return (
    kind === Kind.leaf ||
    kind === Kind.str ||
    kind === Kind.int ||
    kind === Kind.bytes ||
    kind === Kind.bytearray ||
    kind === Kind.array
  );
}

/** Builtin types found by the address of their exported symbol. */
export const KIND_OF_SYMBOL: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["PyLong_Type", Kind.int],
  ["PyBool_Type", Kind.int],
  ["PyUnicode_Type", Kind.str],
  ["PyBytes_Type", Kind.bytes],
  ["PyByteArray_Type", Kind.bytearray],
  ["PyTuple_Type", Kind.tuple],
  ["PyList_Type", Kind.list],
  ["PyDict_Type", Kind.dict],
  ["PyFrozenDict_Type", Kind.dict],
  ["PyODict_Type", Kind.orderedDict],
  ["PySet_Type", Kind.set],
  ["PyFrozenSet_Type", Kind.set],
  ["PyType_Type", Kind.type],
  ["PyModule_Type", Kind.module],
  ["PyCode_Type", Kind.code],
  ["PyFloat_Type", Kind.leaf],
  ["PyComplex_Type", Kind.leaf],
  ["PyCapsule_Type", Kind.leaf],
  ["PyMemoryView_Type", Kind.memoryview],
  ["_PyManagedBuffer_Type", Kind.managedBuffer],
  ["_PyWeakref_RefType", Kind.weakref],
  ["_PyWeakref_ProxyType", Kind.weakref],
  ["_PyWeakref_CallableProxyType", Kind.weakref],
]);

/** Types without an exported symbol, by `tp_name`. What `private` gives must be tp_basicsize, and `ownBytes` that without the head. */
export const KIND_OF_NAME: ReadonlyMap<
  string,
  { readonly kind: Kind; readonly private?: string; readonly ownBytes?: number }
> = new Map<string, { kind: Kind; private?: string; ownBytes?: number }>([
  ["NoneType", { kind: Kind.leaf }],
  ["ellipsis", { kind: Kind.leaf }],
  ["NotImplementedType", { kind: Kind.leaf }],
  ["collections.deque", { kind: Kind.deque, private: "deque" }],
  ["functools._lru_cache_wrapper", { kind: Kind.lruCache, private: "lruCache" }],
  ["functools._lru_list_elem", { kind: Kind.lruLink, private: "lruLink" }],
  ["array.array", { kind: Kind.array, private: "array" }],
  ["_io.BytesIO", { kind: Kind.bytesIO, private: "bytesIO" }],
  ["_io.StringIO", { kind: Kind.stringIO, private: "stringIO" }],
  ["_io.BufferedReader", { kind: Kind.buffered, private: "buffered" }],
  ["_io.BufferedWriter", { kind: Kind.buffered, private: "buffered" }],
  ["_io.BufferedRandom", { kind: Kind.buffered, private: "buffered" }],
  ["numpy.ndarray", { kind: Kind.ndarray }],
  ["xml.etree.ElementTree.Element", { kind: Kind.element, ownBytes: 40 }],
  ["_queue.SimpleQueue", { kind: Kind.simpleQueue, ownBytes: 56 }],
  ["hamt_bitmap_node", { kind: Kind.contextNode, ownBytes: 16 }],
  ["hamt_collision_node", { kind: Kind.contextNode, ownBytes: 16 }],
  ["ContextVar", { kind: Kind.contextVariable, private: "contextVariable" }],
  ["_contextvars.ContextVar", { kind: Kind.contextVariable, private: "contextVariable" }],
]);
