// From a function that is called whenever there is something, to a loop that takes one after the other.

export interface Channel<T> {
  put(item: T): void;
  /** After what was put. */
  close(): void;
  /** To be gone through once; ends after `close`. */
  items(): AsyncGenerator<T, void, undefined>;
}

/** What is put faster than it is taken waits: bound it where it is put. */
export function openChannel<T>(): Channel<T> {
  const waiting: T[] = [];
  let isClosed = false;
  let wake = (): void => {};
  return {
    put: (item) => {
      waiting.push(item);
      wake();
    },
    close: () => {
      isClosed = true;
      wake();
    },
    items: async function* () {
      for (;;) {
        const changed = new Promise<void>((settle) => (wake = settle));
        yield* waiting.splice(0);
        if (isClosed && waiting.length === 0) return;
        if (waiting.length === 0) await changed;
      }
    },
  };
}
