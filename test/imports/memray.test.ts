// Files that memray itself writes, and damaged ones.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readAllocationFile } from "../../src/app/lines/read-allocation-file.ts";
import { MemrayCsvReader } from "../../src/imports/memray-csv.ts";
import { readMemrayStats } from "../../src/imports/memray-stats.ts";
import { describeInterpreter, findInterpreters } from "../support/interpreters.ts";
import { packageVenv } from "../support/package-venv.ts";
import { strictValidator } from "../report/strict-schema.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const python = findInterpreters().findLast(({ minor }) => minor >= 9 && minor <= 12) ?? findInterpreters().at(-1)!;
const venv = packageVenv(python, ["memray"]);
const HEADER = "allocator,num_allocations,size,tid,thread_name,stack_trace\n";

describe(`memray on ${describeInterpreter(python)}${"reason" in venv ? ` SKIPPED: ${venv.reason}` : ""}`, () => {
  it.skipIf("reason" in venv)("writes statistics and tables whose lines are found again", { timeout: 120_000 }, () => {
    using folder = temporaryFolder();
    const place = (name: string): string => join(folder.path, name);
    writeFileSync(place("grow.py"), "KEPT = []\nfor _ in range(40):\n    KEPT.append(bytearray(100_000))\n");
    const memray = (...words: readonly string[]): unknown =>
      execFileSync("program" in venv ? venv.program : "", ["-m", "memray", ...words], {
        cwd: folder.path,
        stdio: "pipe",
      });
    memray("run", "-q", "-f", "-o", "run.bin", "grow.py");
    memray("stats", "--json", "-f", "-o", "stats.json", "run.bin");
    memray("transform", "-f", "-o", "peak.csv", "csv", "run.bin");
    for (const [name, kept, isComplete] of [
      ["stats.json", "all", false],
      ["peak.csv", "peak-or-left", true],
    ] as const) {
      const read = readAllocationFile(place(name));
      if (!read.ok || read.value === null) throw new Error(JSON.stringify(read));
      const { lines } = read.value;
      expect([read.value.tool, read.value.kept, read.value.isComplete]).toEqual(["memray", kept, isComplete]);
      const grow = lines.find(({ file }) => file.endsWith("grow.py"));
      expect([grow?.line, (grow?.bytes ?? 0) >= 4_000_000]).toEqual([3, true]);
      expect(strictValidator("lines-file")(read.value)).toEqual([]);
    }
  });
});

describe("tables of memray", () => {
  const read = (...pieces: readonly string[]): unknown => {
    const reader = new MemrayCsvReader();
    for (const piece of pieces) {
      const fault = reader.accept(piece);
      if (fault !== null) return fault;
    }
    const found = reader.finish();
    return found.ok
      ? found.value.lines.map(({ file, line, bytes, blocks }) => [file, line, bytes, blocks])
      : found.error;
  };

  it("sum up stacks by their most recent line, wherever the pieces are cut", () => {
    const rows = 'MALLOC,2,100,1,main,"f;a, b.py;3|g;c.py;9"\nMMAP,1,50,1,main,"f;a, b.py;3"\nMALLOC,1,5,1,main,\n';
    const expected = [
      ["a, b.py", 3, 150, 3],
      ["?", 0, 5, 1],
    ];
    for (let at = 0; at < (HEADER + rows).length; at++)
      expect(read((HEADER + rows).slice(0, at), (HEADER + rows).slice(at))).toEqual(expected);
  });

  it("that are no tables end in a sentence", () => {
    expect(read(HEADER, "MALLOC,many,100,1,main,f;a.py;3\n")).toBe("row 2 is none of memray");
    expect(read(HEADER, "MALLOC,1\n")).toBe("row 2 is none of memray");
    expect(read(`${HEADER}"${"x".repeat(1 << 24)}`)).toBe("row 2 is longer than any row can be");
  });
});

it("statistics without their fields end in a sentence", () => {
  expect(readMemrayStats("{")).toEqual({ ok: false, error: "it is no JSON object" });
  expect(readMemrayStats('{"total_bytes_allocated": "much"}')).toEqual({
    ok: false,
    error: "it has not the fields of memray's statistics",
  });
});

it("a script is no file of memray or tracemalloc", () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "a.py"), "print('total_bytes_allocated')\n");
  expect(readAllocationFile(join(folder.path, "a.py"))).toEqual({ ok: true, value: null });
  expect(readAllocationFile(join(folder.path, "none.py"))).toEqual({ ok: true, value: null });
});
