// For promises our own code makes to itself. A user never causes these; the CLI maps them to exit code 70.

/** Thrown when our own code broke a promise. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

/** Throws an InternalError when `condition` does not hold. */
export function invariant(condition: unknown, promise: string): asserts condition {
  if (!condition) throw new InternalError(`internal: ${promise}`);
}

/** Makes a switch over a union exhaustive: the compiler rejects the call while a case is missing. */
export function assertUnreachable(value: never): never {
  throw new InternalError(`internal: unexpected case ${JSON.stringify(value)}`);
}
