// What contexts keep, on every interpreter found: the tree that the values are in is opened, and each is named by its variable.

import { describe, expect, it } from "vitest";
import { queryTop, queryWhy } from "../../src/app/heap-queries.ts";
import { describeInterpreter, readableInterpreters } from "../support/interpreters.ts";
import { snapshotOfProgram } from "./snapshot-of-program.ts";

/** Sixty variables make a tree of several levels; one value is the latest that its variable was asked for. */
const PROGRAM = `
import contextvars, sys, threading
class Request:
    def __init__(self):
        self.rows = ["row %d" % number for number in range(3000)]
REQUEST = contextvars.ContextVar("request-id")
OTHERS = [contextvars.ContextVar("other_%d" % number) for number in range(60)]
def worker():
    REQUEST.set(Request())
    for number, other in enumerate(OTHERS):
        other.set(["only %d" % number])
    REQUEST.get()
    ready.set()
    threading.Event().wait()
ready = threading.Event()
threading.Thread(target=worker, daemon=True, name="walker").start()
ready.wait()
print("ready", flush=True)
sys.stdin.readline()
`;

describe.each(readableInterpreters().map((python) => [describeInterpreter(python), python] as const))(
  "%s",
  (_, python) => {
    it("names values by their variables", async () => {
      const snapshot = await snapshotOfProgram(python, PROGRAM);

      const why = queryWhy(snapshot, "Request", { paths: 5 });
      const [request] = why.ok ? why.value.subjects : [];
      // The variable remembers its last value without owning it: that is no path.
      // Since 3.14 the Thread object has its context, too: several ways lead there.
      expect([...new Set(request!.paths.map(({ path }) => path))]).toEqual(['contextvar "request-id"']);
      const ways = request!.paths.map(({ steps }) => steps.map(({ edge }) => edge));
      if (python.minor < 14) expect(ways).toEqual([['thread "walker" <context>', 'contextvar "request-id"']]);
      else expect(ways.map((edges) => edges.slice(-2))).toContainEqual(["._context", 'contextvar "request-id"']);

      const other = queryWhy(snapshot, 'contextvar "other_41"', {});
      expect(other.ok && other.value.subjects.map(({ type, paths }) => [type, paths[0]!.path])).toEqual([
        ["list", 'contextvar "other_41"'],
      ]);

      const holders = queryTop(snapshot, { limit: 200 }).byHolder.map(({ holder }) => holder);
      expect(holders.find(({ path }) => path.startsWith("contextvar"))).toMatchObject({
        path: 'contextvar "request-id".rows',
        kind: "context-variable",
        module: "__main__",
      });
    }, 60_000);
  },
);
