// What `atexit.register` was given. It lies in C memory that no object leads to, so these are roots: certain ones, since a
// callback owns its function, its arguments and its keywords until it is unregistered or has run.
// Modules/atexitmodule.c: up to 3.9 in the state of the module, from 3.10 on in that of the interpreter, from 3.14 on as a list.

import { follow, int32At, int64At } from "../../cpython/image-access.ts";
import type { RootOrigin } from "../snapshot.ts";
import type { RootSeed } from "./roots.ts";
import type { Walk } from "./walk-state.ts";

/** More than that is a torn count. */
const MOST_CALLBACKS = 10_000_000;

/** The callbacks of one interpreter, in the order in which they were registered; O(callbacks). */
export function* exitCallbackSeeds(walk: Walk, interpreter: number): Generator<RootSeed> {
  if (walk.layout.interpreter.exitCallbackList !== null) {
    yield* listedCallbacks(walk, interpreter + walk.layout.interpreter.exitCallbackList / 8);
    return;
  }
  const found = callbackTable(walk, interpreter);
  if (found === null) return;
  const { exitCallback } = walk.layout.private;
  const parts = [
    ["function", exitCallback.function],
    ["args", exitCallback.args],
    ["kwargs", exitCallback.kwargs],
  ] as const;
  let index = 0;
  for (let entry = 0; entry < found.count; entry++) {
    const callback = follow(walk.image, found.table + entry);
    // `unregister` leaves a hole.
    if (callback <= 0) continue;
    for (const [part, offset] of parts) {
      const origin: RootOrigin = { kind: "exit-callback", index, part };
      yield { slot: follow(walk.image, callback + offset / 8), tier: "interpreter", origin, counted: true };
    }
    index += 1;
  }
}

/** 3.14+: the newest first. The tuples own what is in them; the list itself is a part of the interpreter's state. */
function* listedCallbacks({ image, layout }: Walk, field: number): Generator<RootSeed> {
  const list = follow(image, field);
  if (list <= 0) return;
  const count = Math.min(int64At(image, list + layout.objectHead.itemCount / 8), MOST_CALLBACKS);
  const items = follow(image, list + layout.list.items / 8);
  for (let index = 0; index < count && items > 0; index++) {
    const callback = follow(image, items + count - 1 - index);
    if (callback <= 0) continue;
    for (const [i, part] of PARTS.entries()) {
      const slot = follow(image, callback + layout.tupleItems / 8 + i);
      yield { slot, tier: "interpreter", origin: { kind: "exit-callback", index, part }, counted: false };
    }
  }
}

const PARTS = ["function", "args", "kwargs"] as const;

function callbackTable({ image, layout }: Walk, interpreter: number): { table: number; count: number } | null {
  const { exitCallbacks, exitCallbackCount, exitModule } = layout.interpreter;
  const { module, exitModuleState } = layout.private;
  let place = interpreter;
  let [callbacks, count] = [exitCallbacks, exitCallbackCount];
  if (exitModule !== null && exitModuleState !== null) {
    const atexit = follow(image, interpreter + exitModule / 8);
    place = atexit <= 0 ? -1 : follow(image, atexit + module.state / 8);
    ({ callbacks, count } = exitModuleState);
  }
  if (place <= 0 || callbacks === null || count === null) return null;
  const table = follow(image, place + callbacks / 8);
  const length = int32At(image, place, count);
  return table <= 0 || length <= 0 || length > MOST_CALLBACKS ? null : { table, count: length };
}
