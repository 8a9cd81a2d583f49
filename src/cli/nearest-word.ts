// Which known word a mistyped one was meant to be.

/** The nearest of `known`, null when nothing is near. */
export function nearestWord(typed: string, known: readonly string[]): string | null {
  const word = typed.toLowerCase();
  const ranked = known
    .map((each) => ({
      each,
      distance: each.startsWith(word) && word.length > 1 ? 0.5 : editDistance(word, each.toLowerCase()),
    }))
    .filter(({ each, distance }) => distance <= Math.max(1, Math.floor(Math.min(each.length, word.length) / 2.5)))
    .sort((one, other) => one.distance - other.distance);
  return ranked[0]?.each ?? null;
}

/** Optimal string alignment: insert, delete, replace, swap of neighbours. */
export function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const replaced = at(last, column - 1) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const swapped =
        one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
          ? at(beforeLast, column - 2) + 1
          : Infinity;
      next.push(Math.min(replaced, at(last, column) + 1, at(next, column - 1) + 1, swapped));
    }
    beforeLast = last;
    last = next;
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
