// Long synchronous work lets no listener run: Ctrl-C would be heard when all is done. While nothing needs cleaning up,
// signals are given back to the kernel, which ends us at once.

const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Until disposal the signals that end a program have their default action; then the listeners are back. Only for work
 * during which no process is stopped and no file is half written.
 */
export function immediateSignals(): Disposable {
  const listeners = ENDING_SIGNALS.map((signal) => [signal, process.listeners(signal)] as const);
  for (const signal of ENDING_SIGNALS) process.removeAllListeners(signal);
  return {
    [Symbol.dispose]: () => {
      for (const [signal, own] of listeners) for (const listener of own) process.on(signal, listener);
    },
  };
}
