// Fills the columns of a snapshot from the blocks of a heap stream, which is read three times: for the addresses of all
// objects, for what each is, and for what each refers to. So nothing is held but the columns themselves.

import { OVERSIZE } from "../../base/uint32.ts";
import { isImmortal } from "../../cpython/immortal.ts";
import { IMMORTAL_EXCESS, POSITIONAL_LABEL } from "../snapshot.ts";
import { AddressIndex } from "./address-index.ts";
import type { NodeBlock } from "./inside-format.ts";

/** First reading: which addresses there are. */
export class AddressSurvey {
  #met = new Float64Array(1 << 16);
  #count = 0;

  accept({ address }: NodeBlock): void {
    if (this.#count + address.length > this.#met.length) {
      const larger = new Float64Array(Math.max(this.#met.length * 2, this.#count + address.length));
      larger.set(this.#met.subarray(0, this.#count));
      this.#met = larger;
    }
    this.#met.set(address, this.#count);
    this.#count += address.length;
  }

  finish(): AddressIndex {
    return new AddressIndex(this.#met.subarray(0, this.#count));
  }
}

/** Second and third reading. An object that was written twice is taken as it was first. */
export class InsideColumns {
  readonly index: AddressIndex;
  readonly type: Uint16Array;
  readonly shallowBytes: Uint32Array;
  readonly oversize: Map<number, number> = new Map();
  readonly edgeStart: Uint32Array;
  /** Refcount less the references in the graph; IMMORTAL_EXCESS for objects whose refcount counts nothing. */
  readonly balance: Int32Array;
  edgeTarget: Uint32Array = new Uint32Array(0);
  edgeLabel: Uint16Array = new Uint16Array(0);
  /** References that lead to no object that was written. */
  lost = 0;
  readonly #isTaken: Uint8Array;
  readonly #countedByUs: number;

  constructor(index: AddressIndex, countedByUs: number) {
    this.index = index;
    this.type = new Uint16Array(index.count);
    this.shallowBytes = new Uint32Array(index.count);
    this.edgeStart = new Uint32Array(index.count + 1);
    this.balance = new Int32Array(index.count);
    this.#isTaken = new Uint8Array(index.count);
    this.#countedByUs = countedByUs;
  }

  acceptObjects(block: NodeBlock): void {
    for (let at = 0; at < block.rows; at++) {
      const row = this.index.rowOf(block.address[at]!);
      if (this.#isTaken[row] !== 0) continue;
      this.#isTaken[row] = 1;
      this.type[row] = block.type[at]!;
      const size = block.size[at]!;
      this.shallowBytes[row] = size < OVERSIZE ? size : OVERSIZE;
      if (size >= OVERSIZE) this.oversize.set(row, size);
      const refcount = block.refcount[at]!;
      this.balance[row] = isImmortal(refcount) ? IMMORTAL_EXCESS : refcount - this.#countedByUs;
      this.edgeStart[row + 1] = block.degree[at]!;
    }
  }

  /** Between the second reading and the third. */
  allocateEdges(): void {
    for (let row = 0; row < this.index.count; row++) this.edgeStart[row + 1]! += this.edgeStart[row]!;
    const edges = this.edgeStart[this.index.count]!;
    this.edgeTarget = new Uint32Array(edges);
    this.edgeLabel = new Uint16Array(edges);
    this.#isTaken.fill(0);
  }

  /** False when an object has fewer references than its shape has labels. */
  acceptEdges(block: NodeBlock, shapes: ReadonlyMap<number, readonly number[]>): boolean {
    let from = 0;
    for (let at = 0; at < block.rows; at++) {
      const degree = block.degree[at]!;
      const row = this.index.rowOf(block.address[at]!);
      const labels = shapes.get(block.shape[at]!);
      if (labels === undefined || labels.length > degree) return false;
      if (this.#isTaken[row] === 0) this.#copyEdges(row, block.target, from, degree, labels);
      this.#isTaken[row] = 1;
      from += degree;
    }
    return from === block.target.length;
  }

  #copyEdges(row: number, target: Float64Array, from: number, degree: number, labels: readonly number[]): void {
    const start = this.edgeStart[row]!;
    const firstLabel = degree - labels.length;
    for (let i = 0; i < degree; i++) {
      const to = this.index.rowOf(target[from + i]!);
      this.edgeTarget[start + i] = to;
      this.edgeLabel[start + i] = i < firstLabel ? POSITIONAL_LABEL : labels[i - firstLabel]!;
      if (to === 0) this.lost += 1;
      else this.balance[to]! -= 1;
    }
  }
}
