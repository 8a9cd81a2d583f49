// Ids of objects that two exports of one process agree on: DevTools compares snapshots by them. They are made from addresses,
// since an object of CPython never moves. DevTools keeps ids in 32 bits and shows odd ones as objects of the program.

import { HIGH_WORD } from "../../base/uint32.ts";
import type { NodeTable } from "../../heap/snapshot.ts";

/** Objects lie on multiples of 16 bytes (pymalloc, glibc, alignment of static types), so these bits say nothing. */
const ALIGNMENT = 16;
const ID_SPACE = 2 ** 31;

/**
 * An odd id for every node, each of them once, none below `firstFree`. Two objects whose addresses differ by a multiple of
 * 32 GiB want the same one: the later takes the next that is free, which is the only way in which an id may change between
 * two exports. O(nodes) time; a table of at most 16 bytes per node while it works.
 */
export function objectIds(nodes: NodeTable, firstFree: number): Uint32Array {
  const ids = new Uint32Array(nodes.count);
  const taken = new IdSet(nodes.count);
  for (const [at, run] of nodes.addressHigh.entries()) {
    const end = nodes.addressHigh[at + 1]?.firstNode ?? nodes.count;
    const high = ((run.high % (ID_SPACE / (HIGH_WORD / ALIGNMENT))) * HIGH_WORD) / ALIGNMENT;
    for (let node = run.firstNode; node < end; node++) {
      let id = (high + Math.floor(nodes.addressLow[node]! / ALIGNMENT)) % ID_SPACE;
      while (id * 2 + 1 < firstFree || !taken.add(id)) id = (id + 1) % ID_SPACE;
      ids[node] = id * 2 + 1;
    }
  }
  return ids;
}

/** Numbers below 2^31 in an open table, at most half full. */
class IdSet {
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(count: number) {
    const size = 2 ** Math.max(4, Math.ceil(Math.log2(count * 2 + 1)));
    this.#slots = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** False when it was there already. */
  add(id: number): boolean {
    const wanted = ~id;
    let slot = Math.imul(id, 0x9e3779b1) & this.#mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & this.#mask) if (this.#slots[slot] === wanted) return false;
    this.#slots[slot] = wanted;
    return true;
  }
}
