// Limits of 32-bit columns and words.

/** In a column of sizes: the size does not fit 32 bits and stands in a table beside it. */
export const OVERSIZE = 0xffffffff;

/** The same in the signed view of a column. */
export const SIGNED_OVERSIZE: number = OVERSIZE | 0;

/** What one is worth in the upper half of a 64-bit value. */
export const HIGH_WORD: number = 2 ** 32;
