// The collector of 3.14.0 to 3.14.4 keeps its lists in another way than those before and after. What a snapshot says of a fixed program
// does not depend on it.

import { describe, expect, it } from "vitest";
import { queryTop } from "../../src/app/heap-queries.ts";
import { readProcess } from "../../src/app/read-target.ts";
import { analyse } from "../../src/heap/analyse.ts";
import { startProcess } from "../capture/start-target.ts";
import { readableInterpreters } from "../support/interpreters.ts";

const PROGRAM = `
import gc, sys
class Row:
    def __init__(self, number):
        self.number = number
        self.next = None
ROWS = [Row(number) for number in range(20000)]
gc.disable()
gc.collect()
LATER = {number: [number] for number in range(5000)}
for number in range(300):
    row = Row(1)
    row.next = row
del row
print("ready", flush=True)
sys.stdin.readline()
`;

const of314 = readableInterpreters().filter(({ minor }) => minor === 14);
const isIncremental = (version: string): boolean => Number(version.split(".")[2]) < 5;
const [incremental, generations] = [true, false].map((wanted) =>
  of314.find(({ version }) => isIncremental(version) === wanted),
);

describe.skipIf(incremental === undefined || generations === undefined)("the two collectors of 3.14", () => {
  it("give the same snapshot of the same program", async () => {
    const [one, other] = [await seen(incremental?.path ?? ""), await seen(generations?.path ?? "")];
    expect(one).toEqual(other);
    expect(one.garbage).toBe(300);
  });
});

async function seen(
  python: string,
): Promise<{ readonly garbage: number; readonly holders: unknown; readonly types: unknown }> {
  await using target = await startProcess(python, ["-I", "-S", "-c", PROGRAM]);
  const read = await readProcess(target.pid, { maxPauseMs: 5000, values: false, progress: () => {} });
  if (!read.ok) throw new Error(read.error.code);
  const { byHolder, byType } = queryTop(read.value, { limit: 1000 });
  const own = byHolder.filter(({ holder }) => /ROWS|LATER|garbage/.test(holder.path));
  return {
    garbage: analyse(read.value).garbage.count,
    holders: own.map(({ holder, count, retainedBytes }) => [holder.path, holder.kind, count, retainedBytes]),
    types: byType
      .filter(({ name }) => name.endsWith("Row"))
      .map(({ name, count, shallowBytes }) => [name, count, shallowBytes]),
  };
}
