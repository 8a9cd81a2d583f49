// While another process stands still for us, every moment that we wait for a processor is a moment it waits, too.

import { constants, getPriority, setPriority } from "node:os";

/** Until disposal this thread goes first, where the system lets us (root); elsewhere nothing happens. */
export function urgently(): Disposable {
  try {
    const before = getPriority();
    setPriority(constants.priority.PRIORITY_HIGHEST);
    return { [Symbol.dispose]: () => setPriority(before) };
  } catch {
    return { [Symbol.dispose]: () => {} };
  }
}
