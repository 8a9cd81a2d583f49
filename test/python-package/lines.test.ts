// Line-by-line memory, on every version that there is: which line is blamed, and what is said where it is not plain.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runScript } from "../../src/app/lines/run-script.ts";
import type { FunctionMemory, LinesReport } from "../../src/model/lines-report.ts";
import { describeInterpreter, interpretersByMinor, readableInterpreters } from "../support/interpreters.ts";
import { PythonFiles } from "./package-under-test.ts";

const MIB = 2 ** 20;

const KINDS = `
import asyncio, threading

held = []

def hot(count):
    total = 0
    for at in range(count):
        twice = at * 2
        total += twice
        if at % 5000 == 0:
            held.append(bytearray(b"x") * 250_000)
    return total

def counts_up(count):
    table = {}
    for at in range(count):
        key = at + 1_000_000
        table[key] = [at] * 20
    return table

def fails():
    held.append([0] * 1_000_000)
    raise ValueError("no")

def catches():
    try:
        fails()
    except ValueError:
        held.append([1] * 1_000_000)

def steps():
    first = [0] * 500_000
    yield 1
    second = [1] * 500_000
    yield len(first) + len(second)

async def waits():
    first = [0] * 500_000
    await asyncio.sleep(0)
    second = [1] * 500_000
    return first, second

async def others():
    held.append([2] * 2_000_000)

def calls_itself(depth):
    mine = [0] * 100_000
    return [mine, calls_itself(depth - 1)] if depth else [mine]

class Cart:
    def add(self):
        self.rows = [0] * 300_000

def threaded(barrier):
    barrier.wait()
    mine = [0] * 300_000
    barrier.wait()
    return mine

async def main():
    return await asyncio.gather(waits(), others())

hot(200_000)
held.append(counts_up(100_000))
catches()
for _ in steps():
    held.append([3] * 1_000_000)
held.append(asyncio.run(main()))
held.append(calls_itself(5))
Cart().add()
barrier = threading.Barrier(2)
workers = [threading.Thread(target=threaded, args=(barrier,)) for _ in range(2)]
for worker in workers: worker.start()
for worker in workers: worker.join()
`;

// Large blocks come from the system and go back to it: what is measured depends on no earlier test.
beforeAll(() => {
  vi.stubEnv("MALLOC_MMAP_THRESHOLD_", "100000");
});
afterAll(() => {
  vi.unstubAllEnvs();
});

describe.each(
  interpretersByMinor(readableInterpreters()).map((python) => ({ name: describeInterpreter(python), python })),
)("lines of a script on $name", ({ python }) => {
  let report: LinesReport;
  beforeAll(async () => {
    using files = new PythonFiles({ "kinds.py": KINDS });
    report = await linesOf(files.path("kinds.py"), python.path);
  });

  it("blames the lines that grow, once, whatever kind of function they are in", () => {
    // Resident memory: the first of them may find room in what was freed before.
    const hot = grownIn(report, "hot");
    expect(Object.keys(hot)).toEqual(['held.append(bytearray(b"x") * 250_000)']);
    expect(Object.values(hot)[0]).toBeGreaterThanOrEqual(9);
    expect(Object.values(hot)[0]).toBeLessThanOrEqual(10);
    expect(largestIn(report, "counts_up")).toBe("table[key] = [at] * 20");
    expect(grownIn(report, "fails")).toEqual({ "held.append([0] * 1_000_000)": 8 });
    expect(grownIn(report, "catches")).toEqual({ "fails()": 8, "held.append([1] * 1_000_000)": 8 });
    expect(grownIn(report, "others")).toEqual({ "held.append([2] * 2_000_000)": 15 });
    expect(functionIn(report, "Cart.add").calls).toBe(1);
  });

  it("does not count what came while a function was suspended, nor recursion twice", () => {
    const halves = { "first = [0] * 500_000": 4, "second = [1] * 500_000": 4 };
    expect(grownIn(report, "steps")).toEqual(halves);
    expect(functionIn(report, "steps").suspensions).toBe(2);
    expect(grownIn(report, "waits")).toEqual(halves);
    expect(functionIn(report, "waits").suspensions).toBe(1);
    const recursive = functionIn(report, "calls_itself");
    expect(recursive).toMatchObject({ calls: 6, isRecursive: true });
    expect(mebibytes(recursive.totalBytes)).toBe(5);
    expect(functionIn(report, "threaded").sharesMemoryWithThreads).toBe(true);
    expect(functionIn(report, "hot").sharesMemoryWithThreads).toBe(false);
  });

  it("watches what is named, or decorated by the older tool's name, and nothing else", async () => {
    const script = "@profile\ndef one():\n    return 1\ndef two():\n    return one()\ntwo()\n";
    using files = new PythonFiles({ "old.py": script });
    const decorated = await linesOf(files.path("old.py"), python.path);
    expect(decorated.functions.map((each) => each.function)).toEqual(["one"]);
    const named = await linesOf(files.path("old.py"), python.path, ["__main__:t*"]);
    expect(named.functions.map((each) => each.function)).toContain("two");
  });

  it("keeps the script's arguments, folder, exit code and its own __main__", async () => {
    const script =
      "import sys, pickle, os\nclass Point: pass\ndef f():\n    return pickle.loads(pickle.dumps(Point()))\nassert type(f()) is Point\nassert sys.path[0] == os.path.dirname(__file__)\nsys.exit(len(sys.argv))\n";
    using files = new PythonFiles({ "own.py": script });
    const report = await linesOf(files.path("own.py"), python.path, [], ["--a", "b"]);
    expect(report.exitCode).toBe(3);
    expect(report.functions.map((each) => each.calls)).toEqual([1]);
  });
});

describe("lines that cannot be", () => {
  it("of a script that is not there are refused with what to do", async () => {
    const report = await runScript({ script: "none.py", words: [], functions: [], modules: [], python: null });
    expect(report).toMatchObject({ ok: false, error: { code: "no-script", script: "none.py" } });
  });
});

async function linesOf(
  script: string,
  python: string,
  functions: readonly string[] = [],
  words: readonly string[] = [],
): Promise<LinesReport> {
  const report = await runScript({ script, words, functions, modules: [], python });
  if (!report.ok) throw new Error(JSON.stringify(report.error));
  return report.value;
}

function functionIn(report: LinesReport, name: string): FunctionMemory {
  const found = report.functions.find((each) => each.function === name);
  if (found === undefined) throw new Error(`no ${name} among ${report.functions.map((each) => each.function).join()}`);
  return found;
}

/** Lines that grew by a MiB or more, with their growth in MiB. */
function grownIn(report: LinesReport, name: string): Record<string, number> {
  const grown = functionIn(report, name).lines.filter((line) => mebibytes(line.incrementBytes ?? 0) >= 1);
  return Object.fromEntries(grown.map((line) => [line.source.trim(), mebibytes(line.incrementBytes ?? 0)]));
}

/** The line that grew most. */
function largestIn(report: LinesReport, name: string): string | undefined {
  const lines = [...functionIn(report, name).lines];
  return lines.sort((a, b) => (b.incrementBytes ?? 0) - (a.incrementBytes ?? 0))[0]?.source.trim();
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / MIB);
}
