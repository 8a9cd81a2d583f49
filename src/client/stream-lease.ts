// Until when entries of this process may be answers: a while after the server has said that no clear is outstanding.

export class StreamLease {
  #servesStale: boolean;
  #endMs = 0;
  /** Calls that did without entries of this process, because no word of the stream came in time. */
  unconfirmed = 0;

  constructor(servesStale: boolean) {
    this.#servesStale = servesStale;
  }

  /** On the clock of performance.now(), which does not know of time zones or corrections. */
  get endMs(): number {
    return this.#endMs;
  }

  isConfirmed(): boolean {
    if (this.#servesStale || this.#endMs > performance.now()) return true;
    this.unconfirmed++;
    return false;
  }

  extend(untilMs: number): void {
    this.#endMs = untilMs;
  }

  end(): void {
    this.#endMs = 0;
  }

  /** For good: no clear waits for this process any more, so nothing that it keeps is an answer. */
  leave(): void {
    this.#servesStale = false;
    this.end();
  }
}
