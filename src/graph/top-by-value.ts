// The k largest of many values, without sorting them all.

/**
 * Positions of the `k` largest values, largest first; of equal values the lower position comes first. `keep` is asked only
 * about values that would enter the list. A binary heap of the best so far: O(n + m log k) for m entries into it.
 */
export function topByValue(
  values: Float64Array | Uint32Array,
  k: number,
  keep: (position: number) => boolean = () => true,
): Uint32Array {
  const heap = new Uint32Array(Math.max(0, Math.min(k, values.length)));
  let size = 0;
  for (let position = 0; position < values.length; position++) {
    const full = size === heap.length;
    if (full && (size === 0 || values[position]! <= values[heap[0]!]!)) continue;
    if (!keep(position)) continue;
    if (full) {
      heap[0] = position;
      sink(heap, size, values);
    } else {
      heap[size++] = position;
      rise(heap, size - 1, values);
    }
  }
  return heap.subarray(0, size).sort((a, b) => values[b]! - values[a]! || a - b);
}

/** Whether position `a` is to leave the list before `b`. */
function isLess(values: Float64Array | Uint32Array, a: number, b: number): boolean {
  const first = values[a]!;
  const second = values[b]!;
  return first < second || (first === second && a > b);
}

function rise(heap: Uint32Array, start: number, values: Float64Array | Uint32Array): void {
  let at = start;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!isLess(values, heap[at]!, heap[above]!)) return;
    swap(heap, at, above);
    at = above;
  }
}

function sink(heap: Uint32Array, size: number, values: Float64Array | Uint32Array): void {
  let at = 0;
  for (;;) {
    let least = at;
    for (let below = 2 * at + 1; below <= 2 * at + 2 && below < size; below++) {
      if (isLess(values, heap[below]!, heap[least]!)) least = below;
    }
    if (least === at) return;
    swap(heap, at, least);
    at = least;
  }
}

function swap(heap: Uint32Array, a: number, b: number): void {
  const kept = heap[a]!;
  heap[a] = heap[b]!;
  heap[b] = kept;
}
