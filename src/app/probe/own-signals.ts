// While a program runs in our terminal, Ctrl-C is for the program: it ends, and then we say what we saw. The second one is for us.

const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export type EndingSignal = (typeof ENDING_SIGNALS)[number];

/** Until disposal `heard` is called for the first signal instead of what would have been; after it all is as before. */
export function ownSignals(heard: (signal: EndingSignal) => void): Disposable {
  const others = ENDING_SIGNALS.map((signal) => [signal, process.listeners(signal)] as const);
  const own = ENDING_SIGNALS.map((signal) => [signal, () => (giveBack(), heard(signal))] as const);
  let isGivenBack = false;
  const giveBack = (): void => {
    if (isGivenBack) return;
    isGivenBack = true;
    for (const [signal, listener] of own) process.off(signal, listener);
    for (const [signal, listeners] of others) for (const listener of listeners) process.on(signal, listener);
  };
  for (const signal of ENDING_SIGNALS) process.removeAllListeners(signal);
  for (const [signal, listener] of own) process.on(signal, listener);
  return { [Symbol.dispose]: giveBack };
}
