// cachebox keeps its entries in Rust's memory, where no reader of Python objects can follow them. That it is there is known,
// and that its contents are among what native code keeps.

import { decorated } from "../decorated.ts";
import { type CacheFamilyByType } from "../found-cache.ts";

const NAMES = ["Cache", "FIFOCache", "LFUCache", "LRUCache", "RRCache", "TTLCache", "VTTLCache"];

export const cachebox: CacheFamilyByType = {
  family: "cachebox",
  types: [
    ...NAMES.map((name) => `cachebox.${name}`),
    ...NAMES.map((name) => `cachebox._core.${name}`),
    "cachebox._cachebox.BaseCacheImpl",
  ],
  read: (heap, node) => ({
    family: "cachebox",
    node,
    entries: null,
    bound: { kind: "unknown" },
    boundAt: null,
    ...decorated(heap, node),
    notes: ["Its entries lie in native memory; they are counted under what native code keeps."],
  }),
};
