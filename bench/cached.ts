// How much a hit of `deadweight.cached` costs beside others: npx tsx bench/cached.ts [--python 3.11]
// Method: bench/method.md, "A hit of a cache".

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeInterpreter, findInterpreters } from "../test/support/interpreters.ts";
import { packageVenv } from "../test/support/package-venv.ts";

const { values } = parseArgs({ options: { python: { type: "string" } } });
const wanted = values.python ?? "";
const chosen = findInterpreters().filter(({ version }) => version.startsWith(wanted));
for (const python of chosen) {
  const venv = packageVenv(python, ["cachetools", "cachebox", "async_lru"]);
  const program = "program" in venv ? venv.program : python.path;
  const folder = mkdtempSync(join(tmpdir(), "dw-bench-cached-"));
  try {
    const printed = execFileSync(program, [join(import.meta.dirname, "cached.py"), folder], { encoding: "utf8" });
    console.log(
      `\n${describeInterpreter(python)}, load ${loadavg()[0]?.toFixed(1)}; CPU ns per hit, best of 7 rounds of 100,000`,
    );
    for (const [name, ns] of Object.entries(JSON.parse(printed) as Record<string, number>))
      console.log(`${name.padEnd(46)} ${ns.toFixed(0).padStart(6)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
