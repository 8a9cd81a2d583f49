// The Python package as pip gets it: source archive and wheel are built, and the wheel works where nothing else is installed.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeInterpreter, findInterpreters } from "../support/interpreters.ts";
import { packageVenv } from "../support/package-venv.ts";

const PROJECT = join(import.meta.dirname, "..", "..", "python");
const found = findInterpreters();
const [oldest, newest] = [found[0]!, found.at(-1)!];
// The last pip that installs into 3.8.
const builder = packageVenv(newest, ["build", "hatchling", "pip<25.1"]);
const reason = "reason" in builder ? ` SKIPPED: ${builder.reason}` : "";
const LONGEST_MS = 120_000;

describe.skipIf("reason" in builder)(`a release of the Python package${reason}`, { timeout: LONGEST_MS }, () => {
  const program = "program" in builder ? builder.program : "";
  const folder = mkdtempSync(join(tmpdir(), "deadweight-wheel-"));
  const run = (command: string, words: readonly string[]): string =>
    execFileSync(command, words, { encoding: "utf8", cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const built = (ending: string): string =>
    join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) ?? ending);
  const sources = readdirSync(join(PROJECT, "src"), { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.py$|py\.typed$/.test(name),
  );

  // The wheel is made from the source archive, as pip would.
  beforeAll(() => void run(program, ["-m", "build", "--no-isolation", "--outdir", folder, PROJECT]), LONGEST_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("both have every source file, and nothing that was compiled", () => {
    const listed = run(program, ["-m", "zipfile", "-l", built(".whl")]);
    const wheel = Array.from(listed.matchAll(/^(deadweight\/\S+)/gm), ([, name]) => name);
    expect(new Set(wheel)).toEqual(new Set(sources));
    const archive = run("tar", ["-tzf", built(".tar.gz")]);
    const packed = Array.from(archive.matchAll(/\/src\/(\S+)/g), ([, name]) => name);
    expect(new Set(packed)).toEqual(new Set(sources));
  });

  it.each([...new Set([oldest, newest])].map((python) => [describeInterpreter(python), python] as const))(
    "the wheel works on %s, without any other package",
    (_, python) => {
      const place = join(folder, python.version);
      run(python.path, ["-m", "venv", "--without-pip", place]);
      const own = join(place, "bin", "python");
      run(program, ["-m", "pip", "--python", own, "install", "--quiet", "--no-index", "--no-deps", built(".whl")]);
      const asked = [
        "import deadweight, sys",
        "from importlib.metadata import distribution",
        "points = sorted((each.group, each.name) for each in distribution('deadweight').entry_points)",
        "print(deadweight.__file__.startswith(sys.prefix), points, deadweight.sizeof([1, 2]) > 0)",
      ];
      expect(run(own, ["-c", asked.join("\n")])).toBe("True [('pytest11', 'deadweight')] True\n");
    },
  );
});
