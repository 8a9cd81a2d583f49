// The normal distribution.

/** Chance of a value above `z`. Relative error below 1.2e-7 everywhere (Numerical Recipes, third edition, `erfccheb` by `erfcc`). */
export function normalUpperTail(z: number): number {
  const half = erfcOfPositive(Math.abs(z) * Math.SQRT1_2) / 2;
  return z >= 0 ? half : 1 - half;
}

const ERFC_TERMS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
] as const;

/** The complement of the error function for x >= 0. */
function erfcOfPositive(x: number): number {
  const t = 2 / (2 + x);
  const exponent = ERFC_TERMS.reduceRight<number>((sum, term) => sum * t + term, 0);
  return t * Math.exp(-x * x + exponent);
}

/**
 * The z that a share of all values lies below. For 0 < share < 1; infinite at the ends. By bisection on the tail, to 1e-9: it is
 * asked a few times per series, and the formulas that are faster have a page of constants.
 */
export function normalQuantile(share: number): number {
  if (share <= 0) return Number.NEGATIVE_INFINITY;
  if (share >= 1) return Number.POSITIVE_INFINITY;
  // On the upper side 1 - tail would lose its digits.
  if (share > 0.5) return -normalQuantile(1 - share);
  let [low, high] = [-40, 0];
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (normalUpperTail(-middle) > share) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
