// Runs a step of work ahead of its consumer, in order and with a bound: at most DEPTH results exist at a time.

/** Blocks in flight, and so the memory of reading or writing: each is at most a block before and after compression. */
export const DEPTH = 4;

/** Starts `start` for up to DEPTH items ahead and hands the results to `consume` in order; stops at its first non-null answer. */
export async function inOrder<Item, Done, Stop>(
  items: Iterable<Item> | AsyncIterable<Item>,
  start: (item: Item, index: number) => Promise<Done>,
  consume: (done: Done) => Stop | null | Promise<Stop | null>,
): Promise<Stop | null> {
  const running: Promise<Done>[] = [];
  /** Hands over the oldest results until fewer than `limit` are left. */
  const drain = async (limit: number): Promise<Stop | null> => {
    for (let oldest = running[0]; oldest !== undefined && running.length >= limit; oldest = running[0]) {
      const done = await oldest;
      void running.shift(); // the one just awaited
      const stop = await consume(done);
      if (stop !== null) return stop;
    }
    return null;
  };
  let index = 0;
  try {
    for await (const item of items) {
      running.push(start(item, index++));
      const stop = await drain(DEPTH);
      if (stop !== null) return stop;
    }
    return await drain(1);
  } finally {
    await Promise.allSettled(running);
  }
}
