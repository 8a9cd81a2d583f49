// Leaves a server alone that fails, so that callers do not wait for it one after the other.

/** Failures in a row until it is left alone. */
const FAILURES = 3;
const FIRST_MS = 500;
const MOST_MS = 15_000;

export class Breaker {
  readonly #warn: (sentence: string) => void;
  #failures = 0;
  #pauseMs = FIRST_MS;
  #untilMs = 0;

  constructor(warn: (sentence: string) => void) {
    this.#warn = warn;
  }

  get isOpen(): boolean {
    return this.#failures >= FAILURES;
  }

  /** Whether this caller may send. The one that tries after a pause has the next pause before it, in case it fails. */
  allows(): boolean {
    if (!this.isOpen) return true;
    if (performance.now() < this.#untilMs) return false;
    this.#untilMs = performance.now() + this.#pauseMs;
    return true;
  }

  succeeded(): void {
    const wasOpen = this.isOpen;
    this.#failures = 0;
    this.#pauseMs = FIRST_MS;
    if (wasOpen) this.#warn("it answers again: the shared tier is in use");
  }

  failed(error: unknown): void {
    const wasOpen = this.isOpen;
    this.#failures++;
    if (!this.isOpen) return;
    // Not all processes at the same moment.
    this.#untilMs = performance.now() + this.#pauseMs * (0.5 + Math.random() / 2);
    this.#pauseMs = Math.min(this.#pauseMs * 2, MOST_MS);
    if (!wasOpen) this.#warn(`it has failed ${FAILURES} times (${String(error)}): the shared tier is bypassed`);
  }
}
