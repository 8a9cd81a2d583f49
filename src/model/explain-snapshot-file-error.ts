// The sentence for each thing that can go wrong with a snapshot file: what was seen, why it matters, what to do next.

import { assertUnreachable } from "../base/invariant.ts";
import type { SnapshotFileError } from "./target-error.ts";

export function explainSnapshotFileError(error: SnapshotFileError): string {
  switch (error.code) {
    case "not-found":
      return `There is no file ${error.file}. Check the path, or make a snapshot with: deadweight snapshot PID -o ${error.file}`;
    case "not-readable":
      return `${error.file} cannot be read: ${error.detail}. Without it there is nothing to show; fix that, or name another snapshot file.`;
    case "not-a-snapshot":
      return `${error.file} is not a Deadweight snapshot: it is ${error.seen}. ${nextStepFor(error.file, error.seen)}`;
    case "newer-format":
      return `${error.file} has snapshot format ${error.version}; this version of deadweight knows formats up to ${error.supported} and would misread it. Update deadweight and try again.`;
    case "truncated":
      return `${error.file} is incomplete: ${error.detail}. What is missing cannot be guessed; copy the file again or take a new snapshot.`;
    case "corrupt":
      return `${error.file} is damaged: ${error.detail}. Results from it could be wrong, so it is not used; copy the file again or take a new snapshot.`;
    case "not-writable":
      return `The snapshot could not be written to ${error.file}: ${error.detail}. Nothing was left behind there; choose another place with -o.`;
    default:
      return assertUnreachable(error);
  }
}

function nextStepFor(file: string, seen: string): string {
  if (seen === "an ELF core file") return `Turn the core into one first: deadweight snapshot ${file} -o core.dwsnap`;
  if (seen.endsWith("archive")) return "If a snapshot or a core is inside, unpack it first.";
  return "Make one with: deadweight snapshot PID -o FILE";
}
