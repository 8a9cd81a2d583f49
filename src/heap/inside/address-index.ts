// From addresses to rows. Rows ascend by address, and objects lie close together: the rows of each 64 KiB are found through a
// map of some thousand entries, and the row among them by bisecting.

import { HIGH_WORD } from "../../base/uint32.ts";

const REGION_BYTES = 65536;

export class AddressIndex {
  /** Ascending, each once; row 0 is no object. */
  readonly addresses: Float64Array;
  readonly #firstOfRegion = new Map<number, number>();

  /** `met`: addresses in any order, some more than once; sorted in place. O(n log n). */
  constructor(met: Float64Array) {
    met.sort();
    let count = 0;
    for (let i = 0; i < met.length; i++) if (i === 0 || met[i] !== met[i - 1]) met[count++] = met[i]!;
    this.addresses = new Float64Array(count + 1);
    this.addresses.set(met.subarray(0, count), 1);
    for (let row = 1; row <= count; row++) {
      const region = Math.floor(this.addresses[row]! / REGION_BYTES);
      if (!this.#firstOfRegion.has(region)) this.#firstOfRegion.set(region, row);
    }
  }

  get count(): number {
    return this.addresses.length;
  }

  /** Row of the object at an address, 0 when there is none. */
  rowOf(address: number): number {
    const { addresses } = this;
    const region = Math.floor(address / REGION_BYTES);
    const first = this.#firstOfRegion.get(region);
    if (first === undefined) return 0;
    let low = first;
    // Objects have sixteen bytes at least.
    let high = Math.min(addresses.length, first + REGION_BYTES / 8);
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (addresses[middle]! <= address) low = middle;
      else high = middle;
    }
    return addresses[low] === address ? low : 0;
  }

  lowWords(): Uint32Array {
    return Uint32Array.from(this.addresses, (address) => address % HIGH_WORD);
  }

  /** From which row on the upper half of the address is another. */
  highWords(): { readonly firstNode: number; readonly high: number }[] {
    const parts: { firstNode: number; high: number }[] = [];
    for (let row = 1; row < this.count; row++) {
      const high = Math.floor(this.addresses[row]! / HIGH_WORD);
      if (parts.at(-1)?.high !== high) parts.push({ firstNode: row, high });
    }
    return parts;
  }
}
