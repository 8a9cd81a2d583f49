// The callbacks of `atexit` as one holder: they are in no list of Python, and what each keeps is small.

import type { NodeIx } from "../../base/brand.ts";
import { isExitCallback } from "../analysis/roots.ts";
import { fieldTarget, roleOf, shallowBytesOf, typeNameOf } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { ALL_EXIT_CALLBACKS } from "../paths/roots.ts";
import type { HeldUsage } from "./holders-of.ts";
import { heaviestType } from "./mostly.ts";
import { sharedBytesOf, type OwnedHeap } from "./ownership.ts";

/** One line for all that only `atexit` keeps, functions and arguments; none when there is nothing. O(roots). */
export function exitCallbackUsage(heap: OwnedHeap, heapBytes: number): HeldUsage[] {
  const nodes = [...heap.rooted.originOf.keys()].filter((node) => isExitCallback(heap, node)) as NodeIx[];
  const [first] = nodes;
  if (first === undefined) return [];
  const total = (of: (node: NodeIx) => number): number => nodes.reduce((sum, node) => sum + of(node), 0);
  const heldBytes = total((node) => heap.heldBytes[node]!);
  const functions = nodes.filter((node) => partOf(heap, node) === "function");
  const [example = first] = functions;
  return [
    {
      holder: {
        path: ALL_EXIT_CALLBACKS,
        kind: "callback-list",
        module: "atexit",
        name: ALL_EXIT_CALLBACKS,
        type: typeNameOf(heap.snapshot, example),
        file: null,
        line: null,
      },
      count: total((node) => heap.heldCounts[node]!),
      shallowBytes: total((node) => shallowBytesOf(heap.snapshot, node)),
      retainedBytes: total((node) => heap.retainedBytes[node]!),
      sharedBytes: total((node) => sharedBytesOf(heap, node)),
      heldBytes,
      share: heldBytes / heapBytes,
      entries: functions.length,
      mostly: heaviestType(
        heap,
        Uint32Array.from(functions, (node) => boundObject(heap, node)),
        example,
      ),
      node: example,
      nodes,
    },
  ];
}

function partOf({ rooted }: HeapAnalysis, node: NodeIx): string | null {
  const origin = rooted.originOf.get(node);
  return origin?.kind === "exit-callback" ? origin.part : null;
}

/** What a bound method is bound to says more than that it is a method. */
function boundObject({ snapshot }: HeapAnalysis, node: NodeIx): NodeIx {
  return roleOf(snapshot, node) === "method" ? (fieldTarget(snapshot, node, "__self__") ?? node) : node;
}
