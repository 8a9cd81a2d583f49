// Columns that grow while a file is read whose sizes nobody announced.

const FIRST_ROWS = 1 << 12;

/** The typed arrays that columns are made of. */
type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;
type ColumnOf<C extends Column> = new (length: number) => C;

/** A typed array with room for more: amortised O(1) per row. A RangeError when the machine has no room. */
export class GrowingColumn<C extends Column> {
  readonly #make: ColumnOf<C>;
  #rows: C;
  #length = 0;

  constructor(make: ColumnOf<C>) {
    this.#make = make;
    this.#rows = new make(FIRST_ROWS);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#rows.length) this.#grow(this.#length + 1);
    this.#rows[this.#length++] = value;
  }

  at(row: number): number {
    return this.#rows[row]!;
  }

  set(row: number, value: number): void {
    this.#rows[row] = value;
  }

  /** Appends the values of `block`. */
  append(block: C): void {
    if (this.#length + block.length > this.#rows.length) this.#grow(this.#length + block.length);
    this.#rows.set(block, this.#length);
    this.#length += block.length;
  }

  /** What was pushed, as a view: it is the column's own memory. */
  view(): C {
    return this.#rows.subarray(0, this.#length) as C;
  }

  #grow(least: number): void {
    const larger = new this.#make(Math.max(this.#rows.length * 2, least));
    larger.set(this.#rows);
    this.#rows = larger;
  }
}
