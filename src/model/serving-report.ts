/** `deadweight serve --json`: printed once it listens, before anybody is answered. */
export interface ServingReport {
  readonly schema: "deadweight/serving@1";
  /** "http://127.0.0.1:7787/" */
  readonly address: string;
  /** The same for the first visit of a browser: with the token behind the #. */
  readonly visit: string;
  /** For programs: `Authorization: Bearer TOKEN`. */
  readonly token: string;
}
