// What must still happen when a signal ends the program.

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
