// Files of megabytes, generated mostly: their trees take some 40 bytes of memory for each byte of source, and several of
// them at once would be more than a scan may take.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** From this size of a file on, what is freed when is seen to. Collecting for every small file would take longer than reading it. */
export const LARGE_SOURCE_BYTES: number = 1024 * 1024;

/** Collects the tree of a large file before the next one is made: V8 waits until the heap has grown, with both in it. */
export function collectTree(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
}
