// Makes test/corpus/<version>/<program>.dwsnap: a snapshot of each program in tools/corpus/programs on each version of
// CPython, taken from the living process as `deadweight snapshot` does.
//
//   npx tsx tools/corpus/make.ts            all versions found on this machine
//   DEADWEIGHT_PYTHONS=3.12 npx tsx ...     only some (see test/support/interpreters.ts)
//
// Run it when the format of the files changes or when a walker finds more than before, look at the new answers of
// `deadweight top`, and commit the files. Their bytes differ each time: addresses and times are real.

import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { explainHelpedError } from "../../src/app/snapshot/snapshot-way.ts";
import { takeSnapshot } from "../../src/app/take-snapshot.ts";
import { findInterpreters, type TestInterpreter } from "../../test/support/interpreters.ts";

const PROGRAMS = join(import.meta.dirname, "programs");
const CORPUS = join(import.meta.dirname, "..", "..", "test", "corpus");
const SIZE_LIMIT_BYTES = 150 * 1024;

for (const python of onePerVersion()) {
  for (const program of readdirSync(PROGRAMS)) await capture(python, program);
}

/** Builds with a library of their own, as most projects have; a distribution's only where there is no other. */
function onePerVersion(): readonly TestInterpreter[] {
  const byMinor = new Map<number, TestInterpreter>();
  for (const python of findInterpreters()) {
    if (byMinor.get(python.minor)?.shared !== true) byMinor.set(python.minor, python);
  }
  return [...byMinor.values()];
}

async function capture(python: TestInterpreter, program: string): Promise<void> {
  const folder = join(CORPUS, `3.${python.minor}`);
  const file = join(folder, `${basename(program, ".py")}.dwsnap`);
  mkdirSync(folder, { recursive: true });
  // Isolated and without site: fewer modules. Without an environment: its names would be in the file for all to read.
  const child = spawn(python.path, ["-I", "-S", "-B", program], {
    cwd: PROGRAMS,
    env: {},
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const { value } = (await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()) as {
      readonly value?: string;
    };
    if (value !== "ready") throw new Error(`${program} said ${value ?? "nothing"} on ${python.path}`);
    const taken = await takeSnapshot(String(child.pid), file, {
      way: "outside",
      maxPauseMs: 5000,
      values: false,
      progress: () => {},
    });
    if (!taken.ok) throw new Error(explainHelpedError(taken.error));
    const { nodes, fileBytes } = taken.value;
    console.log(`${file}: ${nodes} objects, ${fileBytes} bytes`);
    if (fileBytes > SIZE_LIMIT_BYTES) throw new Error(`${file} is larger than ${SIZE_LIMIT_BYTES} bytes`);
  } finally {
    child.kill("SIGKILL");
  }
}
