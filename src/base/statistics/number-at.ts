// Reading numbers by index where the compiler cannot see that the index is within bounds.

/** `values[index]`; NaN outside, so that a wrong index shows up in the result and does not look like a measurement. */
export function numberAt(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}
