// What must still happen when a signal ends the program.

import { constants } from "node:os";
import { exitCodeOfSignal } from "./exit-codes.ts";

export class Interruptions {
  readonly #cleanUps = new Set<() => void>();

  readonly register = (cleanUp: () => void): Disposable => {
    this.#cleanUps.add(cleanUp);
    return { [Symbol.dispose]: () => this.#cleanUps.delete(cleanUp) };
  };

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
      interruptions.cleanUp();
      // Runs the "exit" listeners of whoever holds a stopped process or a half-written file.
      process.exit(exitCodeOfSignal(constants.signals[signal]));
    });
  }
}
