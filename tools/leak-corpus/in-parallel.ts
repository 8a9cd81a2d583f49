// Several pieces of work at once, in the order given: they mostly wait.

/** Works on all items, `most` at a time; results stand in the order of the items. `done` hears of each as it ends. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
  done: (result: Result) => void = () => {},
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) {
      const result = await work(item);
      results[index] = result;
      done(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
