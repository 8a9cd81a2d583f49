// Tells memory that could not be had from mistakes: both arrive as RangeError.

/** V8's words for array memory that the system refused, or that no array may have. */
const REFUSED = /allocation failed|Invalid (?:typed )?array(?: buffer)? length/i;

/** True when `thrown` says that there was no memory for an array. */
export function isAllocationFailure(thrown: unknown): boolean {
  return thrown instanceof RangeError && REFUSED.test(thrown.message);
}
