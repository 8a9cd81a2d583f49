// Our own ways to die politely inside a pause: signals and `process.exit`. The impolite ones are the watchdog's job.

/** Signals that end us, or stop us (SIGTSTP is Ctrl-Z), while the target waits. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGTSTP"] as const;

/**
 * Calls `resume` before anything else when we are told to go. The signal then does what it would have done without us.
 * `resume` must be quick, must not throw and may be called twice.
 */
export function guardPause(resume: () => void, onInterrupt: (signal: NodeJS.Signals) => void): Disposable {
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off("exit", resume);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    resume();
    release();
    onInterrupt(signal);
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on("exit", resume);
  return { [Symbol.dispose]: release };
}
