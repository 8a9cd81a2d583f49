// Beside the older tool: the same script, the same line blamed, growth that agrees.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runScript } from "../../src/app/lines/run-script.ts";
import { describeInterpreter, findInterpreters } from "../support/interpreters.ts";
import { programWithPackages, PythonFiles, runPython } from "./package-under-test.ts";

const SCRIPT = `
held = []
@profile
def build():
    first = [0] * 1_000_000
    for at in range(50):
        twice = at * 2
        if at % 10 == 0:
            held.append(bytearray(b"x") * 3_000_000)
    second = [[at] * 500 for at in range(1_000)]
    del first
    return second
result = build()
`;
const MIB = 2 ** 20;

// Large blocks come from the system and go back to it in both tools alike.
beforeAll(() => {
  vi.stubEnv("MALLOC_MMAP_THRESHOLD_", "100000");
});
afterAll(() => {
  vi.unstubAllEnvs();
});

describe.each(findInterpreters().map((python) => ({ name: describeInterpreter(python), python })))(
  "beside memory_profiler on $name",
  ({ python }) => {
    it("blames the same lines for the same growth", { timeout: 120_000 }, async () => {
      const program = programWithPackages(python);
      using files = new PythonFiles({ "build.py": SCRIPT });
      const older = runPython(program, ["-m", "memory_profiler", "build.py"], files.folder);
      const report = await runScript({
        script: files.path("build.py"),
        words: [],
        functions: [],
        modules: [],
        python: program,
      });
      if (!report.ok) throw new Error(JSON.stringify(report.error));
      const ours = new Map(report.value.functions[0]?.lines.map((each) => [each.line, each.incrementBytes ?? 0]));
      const theirs = olderIncrements(older.stdout);
      expect(theirs.size).toBeGreaterThan(3);
      for (const [line, mebibytes] of theirs) expect(Math.abs((ours.get(line) ?? 0) / MIB - mebibytes)).toBeLessThan(1);
    });
  },
);

/** Increments in MiB by line, without the line that names the function: there it prints all memory there is. */
function olderIncrements(table: string): ReadonlyMap<number, number> {
  const rows = [...table.matchAll(/^ +(\d+) +[\d.]+ MiB +(-?[\d.]+) MiB +\d+ +(.*)$/gm)];
  return new Map(
    rows.filter((row) => !/^@profile|^def /.test(row[3] ?? "")).map((row) => [Number(row[1]), Number(row[2])]),
  );
}
