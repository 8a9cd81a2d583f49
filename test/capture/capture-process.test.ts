// The copy is the target's memory: compared byte for byte with a second way to read it.

import { bytesIn } from "../../src/base/byte-windows.ts";
import { openSync, readSync } from "node:fs";
import { expect, test } from "vitest";
import type { Addr } from "../../src/base/brand.ts";
import { captureProcess } from "../../src/capture/capture-process.ts";
import type { MemoryImage } from "../../src/cpython/memory-image.ts";
import { endProcess, startProcess } from "./start-target.ts";

const quiet = { maxPauseMs: 5000, progress: () => {} };
const SPARSE = `
import mmap
space = mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE)
for page in (0, 1, 5, 2000, 2001, 9000, 16383):
    space[page * 4096] = 1 + page % 250
kept = [{"id": i, "row": [i, str(i)]} for i in range(50000)]
print("ready", flush=True)
input()
`;

test.each([false, true])("holds every page of a process at rest (shared buffer: %s)", async (shared) => {
  await using target = await startProcess("python3", ["-c", SPARSE]);
  const captured = await captureProcess(target.pid, { ...quiet, shared });
  if (!captured.ok) throw new Error(captured.error.code);
  using copy = captured.value;
  expect(copy.image.words.buffer instanceof SharedArrayBuffer).toBe(shared);
  expect(copy.copiedBytes).toBeGreaterThan(10 << 20);
  expect(copy.facts.unreadablePages).toBe(0);
  expect(copy.pauseMs).toBeGreaterThan(copy.stopMs);
  const memory = openSync(`/proc/${target.pid}/mem`, "r");
  const page = new Uint8Array(4096);
  let compared = 0;
  for (const run of copy.image.runs) {
    for (let i = 0; i < run.pageCount; i += 7) {
      readSync(memory, page, 0, 4096, run.address + i * 4096);
      const at = (run.firstPage + i) * 4096;
      expect(Buffer.compare(page, bytesIn(copy.image.bytes, at, 4096))).toBe(0);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(500);
  expect(pageOf(copy.image, copy.image.runs[0]?.address ?? (0 as Addr))).toBe(1);
});

test("reads constants outside the copy while the target lives and after it has gone", async () => {
  await using target = await startProcess("python3", ["-c", SPARSE]);
  const captured = await captureProcess(target.pid, quiet);
  if (!captured.ok) throw new Error(captured.error.code);
  using copy = captured.value;
  const code = copy.mappings.find((mapping) => mapping.executable && mapping.inode !== 0);
  if (code === undefined) throw new Error("a program has code");
  const alive = copy.image.outside.read(code.start, 256);
  expect(alive.length).toBe(256);
  expect(copy.image.outside.read(0x10 as Addr, 8).length).toBe(0);
  expect(copy.image.outside.read((code.end - 4) as Addr, 100).length).toBe(4);
  await endProcess(target.child);
  expect(Buffer.compare(copy.image.outside.read(code.start, 256), alive)).toBe(0);
  expect(copy.openMappedFile(code.path)?.read(0, 4)).toEqual(new Uint8Array([0x7f, 0x45, 0x4c, 0x46]));
});

function pageOf(image: MemoryImage, address: Addr): number {
  const table = image.highTable[Math.floor(address / 2 ** 32)] ?? 0;
  return image.pageTable[table * 2 ** 20 + ((address % 2 ** 32) >>> 12)] ?? 0;
}
