// Frees large buffers at the moment they are done with. Node would get to it eventually, but it judges by the size of
// its own heap, which is small here: the buffers lie outside of it.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Runs a full garbage collection of our own process: a few milliseconds, since our heap holds few objects. */
export function collectNow(): void {
  collect();
}
