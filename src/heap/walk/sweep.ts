// Writes the columns of a snapshot: reads the marked objects once more, in order of address, block by block. Where the
// rows and edges of a block go is known beforehand, so that threads may take the blocks in any order.

import { OVERSIZE } from "../../base/uint32.ts";
import { invariant } from "../../base/invariant.ts";
import { isImmortal } from "../../cpython/immortal.ts";
import { refcountAt } from "../../cpython/refcount.ts";
import { scanReferences } from "../../cpython/references.ts";
import { rowOfObject } from "./mark.ts";
import { bitCount, type ColumnSpace, IMMORTAL_BALANCE } from "./renumber.ts";
import { type Walk, WORDS_PER_BLOCK } from "./walk-state.ts";

/** What one sweeper adds to the columns that all write to. */
export interface SweepShare {
  /** Refcounts of the objects it read minus the edges it wrote, by row; see Columns.balance. */
  readonly balance: Int32Array;
  /** Sizes of 4 GiB and more, by row. */
  readonly oversize: Map<number, number>;
}

/** Sweeps one block. The types of the walk must be settled. */
export function sweepBlock(walk: Walk, space: ColumnSpace, share: SweepShare, block: number): void {
  const { index, slotOfNode, edgeStart, firstEdgeOfBlock } = space;
  const endWord = (block + 1) * WORDS_PER_BLOCK;
  let row = index[block * WORDS_PER_BLOCK * 2 + 1]!;
  let edge = firstEdgeOfBlock[block]!;
  for (let word = block * WORDS_PER_BLOCK; word < endWord; word++) {
    for (let bits = index[word * 2]!; bits !== 0; bits &= bits - 1) {
      const slot = (word << 5) + (31 - Math.clz32(bits & -bits));
      slotOfNode[row] = slot;
      edgeStart[row] = edge;
      const candidates = slot === 0 ? 0 : readObject(walk, space, share, slot, row);
      if (candidates > 0) edge = writeEdges(walk, space, share.balance, candidates, edge);
      row += 1;
    }
  }
  invariant(edge === firstEdgeOfBlock[block + 1], "as many edges are written as were counted");
}

/** Type, size, place and refcount of one object; returns how many candidates for edges its scan has left. */
function readObject(walk: Walk, space: ColumnSpace, share: SweepShare, slot: number, row: number): number {
  const { scan } = walk;
  const end = scanReferences(scan, slot, rowOfObject(walk, slot), 0);
  space.type[row] = scan.row;
  space.addressLow[row] = space.lowOfPage[slot >>> 9]! + (slot & 511) * 8;
  if (scan.bytes < OVERSIZE) space.shallowBytes[row] = scan.bytes;
  else noteOversize(space, share, row, scan.bytes);
  const refcount = refcountAt(scan.words, slot, scan.offsets);
  share.balance[row]! += isImmortal(refcount) ? IMMORTAL_BALANCE : refcount;
  return Math.min(end, scan.target.length);
}

function noteOversize(space: ColumnSpace, share: SweepShare, row: number, bytes: number): void {
  space.shallowBytes[row] = OVERSIZE;
  share.oversize.set(row, bytes);
}

/** Turns the candidates into edges: slots into rows; positional ones that are no objects lead to row 0, "not readable". */
function writeEdges(walk: Walk, space: ColumnSpace, balance: Int32Array, end: number, first: number): number {
  const { target, label } = walk.scan;
  const { index, edgeTarget, edgeLabel } = space;
  let at = first;
  for (let i = 0; i < end; i++) {
    const slot = target[i]!;
    const bits = index[(slot >>> 5) * 2]!;
    let row = 0;
    if (((bits >>> (slot & 31)) & 1) !== 0) {
      row = index[(slot >>> 5) * 2 + 1]! + bitCount(bits & ((1 << (slot & 31)) - 1));
    } else if (label[i] !== 0) continue;
    edgeTarget[at] = row;
    edgeLabel[at] = label[i]!;
    balance[row]! -= 1;
    at += 1;
  }
  return at;
}
