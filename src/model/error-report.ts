/** What `--json` prints when a command could not do it; the same sentence goes to stderr. */
export interface ErrorReport {
  readonly schema: "deadweight/error@1";
  readonly error: {
    /** Short and stable, for programs: "no-such-process", "usage", "internal-error". */
    readonly code: string;
    /** For people: what was seen, why it matters, what to do next. */
    readonly message: string;
  };
}
