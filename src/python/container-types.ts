// Which calls make a container, and what bounds it.

import type { ContainerFamily } from "./facts.ts";

export interface ContainerType {
  readonly family: ContainerFamily;
  /** Argument that bounds the number of elements; null: nothing can. */
  readonly bound: { readonly position: number; readonly name: string } | null;
  /** Bound without that argument; null: unbounded. */
  readonly boundByDefault: number | null;
}

const plain = (family: ContainerFamily): ContainerType => ({ family, bound: null, boundByDefault: null });

const sized = (family: ContainerFamily, position: number, name: string, boundByDefault: number | null = null) => ({
  family,
  bound: { position, name },
  boundByDefault,
});

/** By absolute name; builtins plain. */
const CONTAINER_TYPES: ReadonlyMap<string, ContainerType> = new Map<string, ContainerType>([
  ["dict", plain("mapping")],
  ["list", plain("sequence")],
  ["set", plain("set")],
  ["bytearray", plain("sequence")],
  ["collections.defaultdict", plain("mapping")],
  ["collections.OrderedDict", plain("mapping")],
  ["collections.Counter", plain("mapping")],
  ["collections.ChainMap", plain("mapping")],
  ["collections.UserDict", plain("mapping")],
  ["collections.UserList", plain("sequence")],
  ["collections.deque", sized("sequence", 1, "maxlen")],
  ["array.array", plain("sequence")],
  ["weakref.WeakKeyDictionary", plain("weak")],
  ["weakref.WeakValueDictionary", plain("weak")],
  ["weakref.WeakSet", plain("weak")],
  ["queue.Queue", sized("queue", 0, "maxsize")],
  ["queue.LifoQueue", sized("queue", 0, "maxsize")],
  ["queue.PriorityQueue", sized("queue", 0, "maxsize")],
  ["queue.SimpleQueue", plain("queue")],
  ["asyncio.Queue", sized("queue", 0, "maxsize")],
  ["asyncio.LifoQueue", sized("queue", 0, "maxsize")],
  ["asyncio.PriorityQueue", sized("queue", 0, "maxsize")],
  ["multiprocessing.Queue", sized("queue", 0, "maxsize")],
  ["multiprocessing.JoinableQueue", sized("queue", 0, "maxsize")],
  ["multiprocessing.SimpleQueue", plain("queue")],
  ["cachetools.LRUCache", sized("cache", 0, "maxsize")],
  ["cachetools.LFUCache", sized("cache", 0, "maxsize")],
  ["cachetools.FIFOCache", sized("cache", 0, "maxsize")],
  ["cachetools.RRCache", sized("cache", 0, "maxsize")],
  ["cachetools.TTLCache", sized("cache", 0, "maxsize")],
  ["cachetools.TLRUCache", sized("cache", 0, "maxsize")],
  ["cachetools.Cache", sized("cache", 0, "maxsize")],
  ["sortedcontainers.SortedDict", plain("mapping")],
  ["sortedcontainers.SortedList", plain("sequence")],
  ["sortedcontainers.SortedSet", plain("set")],
]);

/** What a callee makes; null if it is not known to make a container. */
export function containerTypeOf(callee: string): ContainerType | null {
  return CONTAINER_TYPES.get(callee) ?? null;
}
