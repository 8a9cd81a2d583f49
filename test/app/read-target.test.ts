// A heap read from a real process, as the commands read it.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readProcess, type ReadTargetOptions } from "../../src/app/read-target.ts";
import { snapshotFault } from "../../src/heap/file/snapshot-fault.ts";
import { startProcess, type TestProcess } from "../capture/start-target.ts";

const OPTIONS: ReadTargetOptions = { maxPauseMs: 5000, values: false, progress: () => {} };

const STILL = "import time; print('ready', flush=True); time.sleep(600)";
/** PyTypeObject.tp_base, the same in 3.8 to 3.13 (Include/cpython/object.h). */
const BASE_OFFSET = 256;
const EACH_OTHERS_BASE = `
import ctypes
class One: pass
class Other: pass
kept = [[One() for _ in range(100)], [Other() for _ in range(100)]]
for each, base in (One, Other), (Other, One):
    ctypes.c_void_p.from_address(id(each) + ${BASE_OFFSET}).value = id(base)
`;

function startStill(before = ""): Promise<TestProcess> {
  return startProcess("python3", ["-c", `${before}\n${STILL}`]);
}

test("memory that the walk cannot have is an expected failure, and the process runs on", async () => {
  await using target = await startStill();
  const read = await readProcess(target.pid, {
    ...OPTIONS,
    progress: ({ phase }) => {
      // The failure is real, only its moment is chosen: no machine gives 4 PiB.
      if (phase === "finding objects") new ArrayBuffer(2 ** 52);
    },
  });
  expect(read).toMatchObject({ ok: false, error: { code: "too-large", pid: target.pid, limitBytes: null } });
  expect(readFileSync(`/proc/${target.pid}/status`, "latin1")).not.toContain("State:\tT");
});

test("a mistake of ours is none", async () => {
  await using target = await startStill();
  const mistake = new RangeError("Invalid array index");
  const read = readProcess(target.pid, {
    ...OPTIONS,
    progress: ({ phase }) => {
      if (phase === "finding objects") throw mistake;
    },
  });
  await expect(read).rejects.toBe(mistake);
});

test("types that are each other's bases, in a heap that was damaged, have none", async () => {
  await using target = await startStill(EACH_OTHERS_BASE);
  const read = await readProcess(target.pid, OPTIONS);
  if (!read.ok) throw new Error(read.error.code);
  expect(snapshotFault(read.value)).toBeNull();
  const bases = read.value.types.filter(({ name }) => name === "One" || name === "Other").map(({ base }) => base);
  expect(new Set(bases)).toEqual(new Set([-1]));
});

test("a snapshot says when its process began, and that it had been stopped", async () => {
  await using target = await startStill();
  process.kill(target.pid, "SIGSTOP");
  while (!readFileSync(`/proc/${target.pid}/status`, "latin1").includes("State:\tT"));
  const read = await readProcess(target.pid, OPTIONS);
  const startTicks = Number(readFileSync(`/proc/${target.pid}/stat`, "latin1").split(") ")[1]?.split(" ")[19]);
  expect(read).toMatchObject({ ok: true, value: { meta: { processStartTicks: startTicks, pauseMs: 0 } } });
});
