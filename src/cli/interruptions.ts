// What must still happen when a signal ends the program.

import { constants } from "node:os";
import { exitCodeOfSignal } from "./exit-codes.ts";

/** A wish to end, as a signal that work can look at. */
export interface Asked extends Disposable {
  readonly signal: AbortSignal;
}

export class Interruptions {
  readonly #cleanUps = new Set<() => void>();
  readonly #askers = new Set<AbortController>();

  readonly register = (cleanUp: () => void): Disposable => {
    this.#cleanUps.add(cleanUp);
    return { [Symbol.dispose]: () => this.#cleanUps.delete(cleanUp) };
  };

  /**
   * Until disposal the first Ctrl-C aborts the signal instead of ending the program: what was found so far can still be said. The
   * second one ends it.
   */
  readonly askFirst = (): Asked => {
    const asker = new AbortController();
    this.#askers.add(asker);
    return { signal: asker.signal, [Symbol.dispose]: () => void this.#askers.delete(asker) };
  };

  /** Whether somebody who had not been asked yet will end the program in good order. */
  ask(): boolean {
    const open = [...this.#askers].filter(({ signal }) => !signal.aborted);
    for (const each of open) each.abort();
    return open.length > 0;
  }

  /** Latest first, like `using`. */
  cleanUp(): void {
    for (const each of [...this.#cleanUps].reverse()) each();
    this.#cleanUps.clear();
  }
}

/** Ctrl-C ends with 130, as shells expect. */
export function exitOnSignals(interruptions: Interruptions): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (signal === "SIGINT" && interruptions.ask()) return;
      interruptions.cleanUp();
      // Runs the "exit" listeners of whoever holds a stopped process or a half-written file.
      process.exit(exitCodeOfSignal(constants.signals[signal]));
    });
  }
}
