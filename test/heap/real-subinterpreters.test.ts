// Interpreters beside the main one, in the same process: each has modules, threads and collector lists of its own.

import { describe, expect, it } from "vitest";
import { queryTop, queryWhy } from "../../src/app/heap-queries.ts";
import { readProcess } from "../../src/app/read-target.ts";
import { startProcess } from "../capture/start-target.ts";
import { describeInterpreter, outsideInterpreters } from "../support/interpreters.ts";

/** Before 3.13 the module has another name; 3.12 and later give each its own lock unless told otherwise. */
const PROGRAM = `
import sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
class Main: pass
KEPT = [Main() for _ in range(500)]
run = getattr(interpreters, "exec", None) or interpreters.run_string
others = [interpreters.create() for _ in range(2)]
for number, other in enumerate(others):
    run(other, """
class InSub: pass
KEPT = [InSub() for _ in range(%d)]
CYCLE = []; CYCLE.append(CYCLE); del CYCLE
""" % (1000 * (number + 1)))
print("ready", flush=True)
sys.stdin.readline()
`;

// 3.8 and 3.9 run every interpreter's code with one collector and one list of modules by number: the same reading, older names.
const interpreters = outsideInterpreters().filter(({ minor }) => minor >= 10);

describe.each(interpreters.map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  it("reads each interpreter and says whose a place is", async () => {
    await using target = await startProcess(python.path, ["-I", "-c", PROGRAM]);
    const read = await readProcess(target.pid, { maxPauseMs: 5000, values: false, progress: () => {} });
    if (!read.ok) throw new Error(read.error.code);
    const snapshot = read.value;

    const registries = snapshot.roots.filter(({ origin }) => origin.kind === "sys.modules");
    expect(registries.map(({ origin }) => ("interpreter" in origin ? origin.interpreter : 0))).toEqual([0, 1, 2]);
    const counts = queryTop(snapshot, { limit: 1000 }).byType;
    expect(counts.find(({ name }) => name.endsWith("Main"))?.count).toBe(500);
    const inSubs = counts.filter(({ name }) => name.endsWith("InSub")).map(({ count }) => count);
    expect(inSubs.reduce((sum, count) => sum + count, 0)).toBe(3000);

    const why = queryWhy(snapshot, "InSub", { paths: 2 });
    const paths = why.ok ? why.value.subjects.flatMap((subject) => subject.paths.map(({ path }) => path)) : [];
    expect(
      paths.some((path) => /^interpreter [12] sys\.modules\['__main__'\]\.KEPT/.test(path)),
      paths.join("\n"),
    ).toBe(true);
    // 3.10 shares small objects among interpreters, which count for much in so small a heap.
    expect(snapshot.meta.exactness).toBeGreaterThan(0.9);
  });
});
