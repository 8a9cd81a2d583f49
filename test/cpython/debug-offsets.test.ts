// On bytes really read from live interpreters that have them, and on damaged copies of them.

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";

import type { Addr } from "../../src/base/brand.ts";
import {
  checkDebugOffsets,
  DEBUG_OFFSETS_BYTES,
  debugOffsetsIn,
  readDebugOffsets,
} from "../../src/cpython/debug-offsets.ts";
import { createImage, planImage } from "../../src/cpython/image-plan.ts";
import type { Layout } from "../../src/cpython/layout.ts";
import { layoutForVersion } from "../../src/cpython/layout-for-version.ts";
import { describeInterpreter, readableInterpreters } from "../support/interpreters.ts";

const PRINT_RUNTIME_ADDRESS = `
import ctypes, sys
print(ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "_PyRuntime")), sys.hexversion, flush=True)
sys.stdin.read()
`;

const interpreters = readableInterpreters();
const withOffsets = interpreters.filter(({ minor }) => minor >= 13);

describe.skipIf(withOffsets.length === 0)("_Py_DebugOffsets of a live interpreter", () => {
  for (const python of withOffsets) {
    it(`${describeInterpreter(python)} agrees with its table`, async () => {
      const { bytes, versionHex } = await readRuntime(python.path);
      const layout = tableFor(versionHex);
      expect(readDebugOffsets(bytes)).toMatchObject({ versionHex, isFreeThreaded: false });
      expect(readDebugOffsets(bytes)?.value("interpreter_state.gc")).toBe(layout.interpreter.gc);
      expect(checkDebugOffsets(bytes, layout)).toEqual([]);
    });

    it(`${describeInterpreter(python)} is caught when it is not what the table says`, async () => {
      const { bytes, versionHex } = await readRuntime(python.path);
      const layout = tableFor(versionHex);
      expect(checkDebugOffsets(damaged(bytes, 0, 0x21), layout)).toEqual([
        `The runtime does not start with the record that every Python ${layout.version} has.`,
      ]);
      expect(checkDebugOffsets(damaged(bytes, 11, 2), layout)[0]).toMatch(
        /^The runtime (says it is version 0x02|does not start)/,
      );
      expect(checkDebugOffsets(damaged(bytes, 16, 1), layout)[0]).toContain("free-threaded");
      const moved = damaged(bytes, 5 * 8, 1);
      expect(checkDebugOffsets(moved, layout)).toEqual([
        `The interpreter has runtime_state.interpreters_head at ${(layout.runtime.interpretersHead & ~0xff) + 1}; ` +
          `the table for Python ${layout.version} says ${layout.runtime.interpretersHead}.`,
      ]);
      expect(checkDebugOffsets(bytes.subarray(0, 100), layout)).toHaveLength(1);
    });

    it(`${describeInterpreter(python)}: every compared word matters`, async () => {
      const { bytes, versionHex } = await readRuntime(python.path);
      const layout = tableFor(versionHex);
      const noticed = Array.from(
        { length: DEBUG_OFFSETS_BYTES / 8 },
        (_, word) => checkDebugOffsets(damaged(bytes, word * 8 + 5, 1), layout).length > 0,
      );
      expect(noticed.filter(Boolean).length).toBeGreaterThanOrEqual(40);
    });
  }
});

describe("debug offsets", () => {
  it("are not asked of versions that have none", () => {
    const layout = layoutForVersion(0x030c01f0);
    expect(layout && checkDebugOffsets(new Uint8Array(0), layout)).toEqual([]);
  });

  it("are found in a copy of the target, and cut off at its end", () => {
    const address = 0x7f00_0000_0000 as Addr;
    const plan = planImage([{ address, pageCount: 2 }]);
    const image = createImage(plan, new ArrayBuffer(plan.bufferBytes), 0, { read: () => new Uint8Array(0) });
    expect(debugOffsetsIn(image, (address + 64) as Addr)).toHaveLength(DEBUG_OFFSETS_BYTES);
    expect(debugOffsetsIn(image, (address + 8192 - 16) as Addr)).toHaveLength(16);
    expect(debugOffsetsIn(image, 0x1000 as Addr)).toHaveLength(0);
  });
});

interface RuntimeBytes {
  readonly bytes: Uint8Array;
  readonly versionHex: number;
}

async function readRuntime(python: string): Promise<RuntimeBytes> {
  const child = spawn(python, ["-I", "-c", PRINT_RUNTIME_ADDRESS], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [address, versionHex] = (await firstLine(child)).split(" ").map(Number);
    return { bytes: readMemory(child.pid ?? 0, address ?? 0, DEBUG_OFFSETS_BYTES), versionHex: versionHex ?? 0 };
  } finally {
    child.kill("SIGKILL");
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("no stdout");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("the interpreter ended without a line");
}

function readMemory(pid: number, address: number, length: number): Uint8Array {
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    const bytes = new Uint8Array(length);
    expect(readSync(memory, bytes, 0, length, address)).toBe(length);
    return bytes;
  } finally {
    closeSync(memory);
  }
}

function damaged(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

function tableFor(versionHex: number): Layout {
  const layout = layoutForVersion(versionHex);
  if (layout === null) throw new Error(`no table for ${versionHex.toString(16)}`);
  return layout;
}
