// Least squares on one or a few covariates: how much of a series goes with something else that was measured.

import { numberAt } from "./number-at.ts";

export interface Regression {
  /** One per covariate, in units of the series per unit of the covariate. */
  readonly coefficients: readonly number[];
  /** Share of the variance that the covariates explain, 0..1. */
  readonly explained: number;
}

/** A pivot below this share of the column's own square: the covariates say the same thing. */
const SINGULAR = 1e-9;

/**
 * Fits `values = constant + sum of coefficient * covariate`. All arrays have the same length. Null when a covariate is constant or
 * follows from the others. O(n k^2).
 */
export function leastSquares(values: ArrayLike<number>, covariates: readonly ArrayLike<number>[]): Regression | null {
  const target = centred(values);
  const columns = covariates.map(centred);
  const coefficients = solve(
    columns.map((row) => columns.map((column) => dot(row, column))),
    columns.map((column) => dot(column, target)),
  );
  if (coefficients === null) return null;
  const total = dot(target, target);
  const rest = target.map((value, at) =>
    columns.reduce((left, column, index) => left - numberAt(coefficients, index) * numberAt(column, at), value),
  );
  return { coefficients, explained: total === 0 ? 0 : Math.max(0, 1 - dot(rest, rest) / total) };
}

function centred(values: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return all.map((value) => value - mean);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, at) => sum + value * numberAt(b, at), 0);
}

/** Gauss elimination of a symmetric positive matrix; null when it is singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const size = right.length;
  const rows = matrix.map((row, at) => [...row, numberAt(right, at)]);
  for (let pivot = 0; pivot < size; pivot++) {
    const row = rows[pivot] ?? [];
    const head = numberAt(row, pivot);
    if (!(head > SINGULAR * numberAt(matrix[pivot] ?? [], pivot))) return null;
    for (const [at, other] of rows.entries()) {
      if (at === pivot) continue;
      const factor = numberAt(other, pivot) / head;
      for (let column = pivot; column <= size; column++) {
        other[column] = numberAt(other, column) - factor * numberAt(row, column);
      }
    }
  }
  return rows.map((row, at) => numberAt(row, size) / numberAt(row, at));
}
