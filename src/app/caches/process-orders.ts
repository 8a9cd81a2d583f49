// The orders of use in one running process: its memory, opened once for all its caches.

import { fail, ok, type Result } from "../../base/result.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import { openOrder } from "../../cpython/order-of-use.ts";
import type { Gauge } from "../../model/gauge.ts";
import type { TargetError } from "../../model/target-error.ts";
import { identifyProcess } from "../identify-target.ts";
import { followOrder, type OrderFollower } from "./order-follower.ts";

export interface ProcessOrders extends Disposable {
  /** Null when the cache is no more or moves too fast to be read once. */
  follow(gauge: Gauge, bound: number): OrderFollower | null;
}

/** Reads only; the process keeps running. */
export function openProcessOrders(pid: number): Result<ProcessOrders, TargetError> {
  const known = identifyProcess(pid);
  if (!known.ok) return known;
  const opened = openProcFs().open(`${pid}/mem`);
  if (!opened.ok) return fail({ code: "exited-during-read", pid });
  const memory = opened.value;
  const read = (buffer: Uint8Array, length: number, address: number): boolean =>
    memory.readInto(buffer, 0, length, address) === length;
  return ok({
    follow: ({ address, typeAddress }, bound) =>
      followOrder(openOrder(address, typeAddress, known.value.layout, read), bound),
    [Symbol.dispose]: () => memory[Symbol.dispose](),
  });
}
