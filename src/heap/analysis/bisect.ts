// Binary search in ascending columns.

/** Position of `value`, or -1. */
export function positionOf(ascending: Uint32Array, value: number): number {
  const at = firstNotBelow(ascending, value);
  return ascending[at] === value ? at : -1;
}

/** First position whose entry is `value` or greater; the length when there is none. */
export function firstNotBelow(ascending: Uint32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
