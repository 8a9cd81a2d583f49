// What the methods of containers do to them. Methods of unknown objects are judged by name only once the object is known
// to be a container.

import type { SiteAction } from "./facts.ts";

export interface ContainerMethod {
  readonly action: SiteAction;
  /** Argument that is the key, and the one that is the element; -1 for none. */
  readonly key: number;
  readonly value: number;
}

const method = (action: SiteAction, key = -1, value = -1): ContainerMethod => ({ action, key, value });

const METHODS: ReadonlyMap<string, ContainerMethod> = new Map<string, ContainerMethod>([
  ["append", method("grow", -1, 0)],
  ["appendleft", method("grow", -1, 0)],
  ["add", method("grow", -1, 0)],
  ["extend", method("grow", -1, 0)],
  ["extendleft", method("grow", -1, 0)],
  ["insert", method("grow", -1, 1)],
  ["update", method("grow", -1, 0)],
  ["setdefault", method("grow", 0, 1)],
  ["__setitem__", method("grow", 0, 1)],
  ["put", method("grow", -1, 0)],
  ["put_nowait", method("grow", -1, 0)],
  ["pop", method("remove", 0)],
  ["popleft", method("remove")],
  ["popitem", method("remove")],
  ["clear", method("remove")],
  ["discard", method("remove", 0)],
  ["remove", method("remove", 0)],
  ["__delitem__", method("remove", 0)],
  ["difference_update", method("remove")],
  ["intersection_update", method("remove")],
  ["get_nowait", method("remove")],
  ["items", method("read")],
  ["keys", method("read")],
  ["values", method("read")],
  ["copy", method("read")],
  ["__contains__", method("read", 0)],
  ["__getitem__", method("read", 0)],
  ["index", method("read")],
  ["count", method("read")],
  ["qsize", method("read")],
  ["empty", method("read")],
  ["full", method("read")],
  ["sort", method("read")],
  ["reverse", method("read")],
  ["move_to_end", method("read")],
  ["most_common", method("read")],
  ["elements", method("read")],
]);

const QUEUE_GET = method("remove");
const MAPPING_GET = method("read", 0);

/** What `container.name(...)` does; null for names that no container has. `get` takes from queues and reads mappings. */
export function containerMethod(name: string, isQueue: boolean): ContainerMethod | null {
  if (name === "get") return isQueue ? QUEUE_GET : MAPPING_GET;
  return METHODS.get(name) ?? null;
}
