// "Did you mean": the names closest to one that does not exist.

const LONGEST_COMPARED = 60;

/** Up to `limit` of `names`, nearest first: the same letters, then a common part, then few edits; none that is far off. */
export function nearestNames(wanted: string, names: Iterable<string>, limit: number = 3): string[] {
  const lower = wanted.toLowerCase().slice(0, LONGEST_COMPARED);
  const scored: { name: string; distance: number }[] = [];
  for (const name of new Set(names)) {
    const distance = distanceTo(lower, name.toLowerCase().slice(0, LONGEST_COMPARED));
    if (distance <= Math.max(2, lower.length / 3)) scored.push({ name, distance });
  }
  return scored
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

function distanceTo(wanted: string, name: string): number {
  if (wanted === name) return 0;
  const last = name.slice(name.lastIndexOf(".") + 1);
  if (last === wanted) return 0.5;
  if (wanted.length >= 3 && name.includes(wanted)) return 1;
  if (Math.abs(wanted.length - name.length) > wanted.length / 2 + 2) return editDistance(wanted, last);
  return Math.min(editDistance(wanted, name), editDistance(wanted, last));
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
