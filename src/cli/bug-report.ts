// What a person sees when deadweight itself is at fault.

/** What the report names besides the error. */
export interface BugContext {
  readonly argv: readonly string[];
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The stack is for developers: it is there only when DEADWEIGHT_DEBUG=1 asks for it. */
export function bugReport(thrown: unknown, { argv, version, environment }: BugContext): string {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const debug = environment["DEADWEIGHT_DEBUG"] === "1";
  const next = debug ? "" : "\nThe same command with DEADWEIGHT_DEBUG=1 in front prints the stack to send along.";
  const stack = debug && error.stack !== undefined ? `\n${error.stack}` : "";
  return `${error.message}
This is a bug in deadweight, not in your program; what it was asked is not answered.
Please report it with this text: deadweight ${version}, node ${process.version}, command '${argv[0] ?? ""}'.${next}${stack}`;
}
