// A watch that has been seen already: two reports, then its end.

import { ok } from "../../src/base/result.ts";
import type { WatchSession } from "../../src/cli/actions.ts";
import { watchOfShop } from "../report/example-watches.ts";

export function sessionOfShop(): WatchSession {
  return {
    reports: async function* () {
      yield watchOfShop;
      yield { ...watchOfShop, atMs: watchOfShop.atMs + 5000, seconds: 205 };
      return { how: "gone", sentence: "Nothing is left to watch." };
    },
    hurry: () => undefined,
    snapshot: async (pid) => ok(`deadweight-${pid}.dwsnap`),
    end: () => undefined,
    heapOf: String,
    replay: null,
    [Symbol.asyncDispose]: async () => undefined,
  };
}
