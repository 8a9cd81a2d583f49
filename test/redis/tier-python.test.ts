// The Python tests of the tier, on every CPython found, each with a server; and on a cluster.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { SOURCES } from "../python-package/package-under-test.ts";
import { describeInterpreter, findInterpreters } from "../support/interpreters.ts";
import { findServerPrograms, type ServerProgram } from "./server-programs.ts";
import { type FoundProgram, startCluster, startServer } from "./start-server.ts";

const programs = findServerPrograms();
const pythons = findInterpreters();

async function runTests(python: string, url: string): Promise<void> {
  const child = spawn(python, ["-W", "error", "-m", "unittest", "test_tier"], {
    cwd: join(import.meta.dirname, "python"),
    env: { ...process.env, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1", TIER_URL: url },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [stderr] = await Promise.all([text(child.stderr), once(child, "exit")]);
  expect(stderr).toMatch(/^Ran \d\d+ tests/m);
  expect([child.exitCode, stderr.includes("skipped")], stderr).toEqual([0, false]);
}

/** Each interpreter with one of the servers in turn. */
function serverFor(at: number): ServerProgram {
  return programs[at % programs.length]!;
}

describe.concurrent("the tier in Python", () => {
  for (const [at, python] of pythons.entries()) {
    const program = serverFor(at);
    const name = `${describeInterpreter(python)} with ${program.kind}`;
    if (!("path" in program)) it.skip(`${name}: ${program.reason}`, () => undefined);
    else
      it(name, async () => {
        await using server = await startServer(program);
        await runTests(python.path, server.url);
      }, 60_000);
  }

  it.skipIf(!("path" in serverFor(0)))(
    "on a cluster",
    async () => {
      await using cluster = await startCluster(serverFor(0) as FoundProgram);
      await runTests(pythons.at(-1)!.path, cluster.url);
    },
    60_000,
  );
});
