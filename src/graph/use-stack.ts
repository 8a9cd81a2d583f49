// The order of use as one stack: depth 1 is what was used last. A key's depth before it is used again is its stack distance, and an LRU
// cache of n entries answers exactly the uses with a distance of at most n (Mattson, Gecsei, Slutz, Traiger: "Evaluation
// techniques for storage hierarchies", IBM Systems Journal 9, 1970).
//
// Each use takes the next place in a row of places; a Fenwick tree counts the places that are still somebody's last. Its slow
// and obvious twin is test/support/plain-use-stack.ts.

export interface UseStack {
  /** Keys in it. */
  readonly size: number;
  /** Depth of a key, 1 for the newest; 0 when it is not there. O(log n). */
  depthOf(key: number): number;
  /** A larger number for a later use; 0 for a key that is not there. O(1). */
  recencyOf(key: number): number;
  /** Puts a key on top; answers the depth it had, 0 when it was not there. O(log n) on average. */
  use(key: number): number;
  /** Forgets all keys. */
  clear(): void;
}

/** Keeps at least the `mostKeys` newest keys. */
export function createUseStack(mostKeys: number): UseStack {
  // Twice the room: places are given anew when they have run out, every `mostKeys` uses at least.
  const places = Math.max(16, 2 * mostKeys);
  const stack: Stack = {
    mostKeys,
    tree: new Int32Array(places + 1),
    keyAt: new Float64Array(places + 1),
    placeOf: new Map(),
    next: 1,
  };
  return {
    get size() {
      return stack.placeOf.size;
    },
    depthOf: (key) => depthAt(stack, stack.placeOf.get(key) ?? 0),
    recencyOf: (key) => stack.placeOf.get(key) ?? 0,
    use: (key) => use(stack, key),
    clear: () => {
      stack.tree.fill(0);
      stack.placeOf.clear();
      stack.next = 1;
    },
  };
}

interface Stack {
  readonly mostKeys: number;
  readonly tree: Int32Array;
  /** Of the place's last user. */
  readonly keyAt: Float64Array;
  readonly placeOf: Map<number, number>;
  next: number;
}

function use(stack: Stack, key: number): number {
  if (stack.next === stack.tree.length) renumber(stack);
  const before = stack.placeOf.get(key) ?? 0;
  const depth = depthAt(stack, before);
  if (before > 0) add(stack.tree, before, -1);
  add(stack.tree, stack.next, 1);
  stack.keyAt[stack.next] = key;
  stack.placeOf.set(key, stack.next++);
  return depth;
}

function depthAt({ tree, placeOf }: Stack, place: number): number {
  if (place === 0) return 0;
  let older = 0;
  for (let at = place - 1; at > 0; at -= at & -at) older += tree[at]!;
  return placeOf.size - older;
}

function add(tree: Int32Array, place: number, amount: number): void {
  for (let at = place; at < tree.length; at += at & -at) tree[at]! += amount;
}

/** The newest keys in their order, at the first places. */
function renumber(stack: Stack): void {
  const { tree, keyAt, placeOf, mostKeys } = stack;
  const kept: number[] = [];
  for (let place = stack.next - 1; place > 0 && kept.length < mostKeys; place--)
    if (placeOf.get(keyAt[place]!) === place) kept.push(keyAt[place]!);
  tree.fill(0);
  placeOf.clear();
  stack.next = 1;
  for (const key of kept.toReversed()) use(stack, key);
}
