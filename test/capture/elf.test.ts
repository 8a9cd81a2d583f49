// Headers and symbols: against the system's own files, against hand-made ones, and against noise.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { loadBias, readElf } from "../../src/capture/elf.ts";
import { bytesReadAt, openReadAt } from "../../src/capture/read-at.ts";
import { elfBytes, libraryBytes } from "../support/core-elf.ts";
import { hasCommand } from "../support/core-dumps.ts";
import { findInterpreters } from "../support/interpreters.ts";

const NAMES = ["_PyRuntime", "PyType_Type", "PyDict_Type", "_Py_NoneStruct", "Py_GetVersion", "no_such_name"];
const folder = mkdtempSync(join(tmpdir(), "dw-elf-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function symbolsOf(path: string): Record<string, number> {
  using file = openReadAt(path);
  if (file === null) throw new Error(`${path} cannot be opened`);
  const elf = readElf(file);
  if (!elf.ok) throw new Error(elf.error.detail);
  return Object.fromEntries(elf.value.symbols(NAMES));
}

function hostOf(python: { path: string; shared: boolean }): string {
  if (!python.shared) return python.path;
  const libraries = execFileSync("ldd", [python.path], { encoding: "utf8" });
  return /=> (\S*libpython\S*)/.exec(libraries)?.[1] ?? python.path;
}

function symbolsByNm(path: string): Record<string, number> {
  const lines = execFileSync("nm", ["-D", "--defined-only", path], { encoding: "utf8", maxBuffer: 1 << 26 }).split(
    "\n",
  );
  const all = lines.map((line) => /^([0-9a-f]+) \S (\S+)$/.exec(line));
  return Object.fromEntries(
    all.flatMap((found) =>
      found !== null && NAMES.includes(found[2] ?? "") ? [[found[2], Number.parseInt(found[1] ?? "", 16)]] : [],
    ),
  );
}

describe("symbols", () => {
  for (const python of findInterpreters()) {
    it.skipIf(!hasCommand("nm"))(`of ${python.path} are those that nm lists`, () => {
      const host = hostOf(python);
      expect(symbolsOf(host)).toEqual(symbolsByNm(host));
      expect(Object.keys(symbolsOf(host)).length).toBe(NAMES.length - 1);
    });
  }

  it("are found without section headers, in GNU and SysV hash tables, and in a static program's .symtab", ({
    skip,
  }) => {
    if (!hasCommand("gcc")) skip("gcc is not installed");
    const source = join(import.meta.dirname, "targets/exports.c");
    const build = (name: string, ...flags: string[]): string => {
      execFileSync("gcc", ["-o", join(folder, name), source, ...flags]);
      return join(folder, name);
    };
    const gnu = build("gnu.so", "-shared", "-fPIC", "-Wl,--hash-style=gnu");
    const sysv = build("sysv.so", "-shared", "-fPIC", "-Wl,--hash-style=sysv");
    const program = build("program", "-DMAIN", "-static");
    for (const path of [gnu, sysv, program])
      expect(Object.keys(symbolsOf(path)).toSorted()).toEqual(["PyType_Type", "_PyRuntime"]);
    for (const path of [gnu, sysv]) {
      const before = symbolsOf(path);
      const bytes = readFileSync(path);
      // e_shoff, e_shnum, e_shstrndx: what `strip --strip-section-headers` clears.
      bytes.fill(0, 40, 48).fill(0, 60, 64);
      const elf = readElf(bytesReadAt(bytes));
      expect(elf.ok && Object.fromEntries(elf.value.symbols(NAMES))).toEqual(before);
    }
  });

  // The best of several: other programs on the machine only ever add to it.
  it("cost little on every interpreter", () => {
    for (const host of new Set(findInterpreters().map(hostOf))) {
      const timesMs = Array.from({ length: 7 }, () => {
        const startMs = performance.now();
        symbolsOf(host);
        return performance.now() - startMs;
      });
      expect(Math.min(...timesMs)).toBeLessThan(15);
    }
  });
});

describe("headers", () => {
  const kindOf = (bytes: Uint8Array): string => {
    const elf = readElf(bytesReadAt(bytes));
    return elf.ok ? elf.value.type : elf.error.kind;
  };

  it("say what a file is", () => {
    const core = elfBytes(4, []);
    expect(kindOf(core)).toBe("core");
    expect(kindOf(core.with(4, 1))).toBe("not-64-bit");
    expect(kindOf(core.with(5, 2))).toBe("big-endian");
    expect(kindOf(core.subarray(0, 40))).toBe("corrupt");
    expect(kindOf(Buffer.from("#!/bin/sh\n"))).toBe("not-elf");
    expect(kindOf(new Uint8Array(0))).toBe("not-elf");
  });

  it("may count more than 65,535 segments", () => {
    const count = 70_000;
    const small = elfBytes(4, []);
    const file = new Uint8Array(4096 + 64 + count * 56);
    file.set(small.subarray(0, 64));
    const view = new DataView(file.buffer);
    view.setUint16(56, 0xffff, true);
    view.setUint32(40, 4096, true);
    view.setUint32(32, 4096 + 64, true);
    view.setUint32(4096 + 44, count, true);
    const elf = readElf(bytesReadAt(file));
    expect(elf.ok && elf.value.segments.length).toBe(count);
  });

  it("that claim more than the file holds are an error", () => {
    const file = elfBytes(4, []);
    new DataView(file.buffer).setUint16(56, 1000, true);
    expect(kindOf(file)).toBe("corrupt");
  });
});

describe("load bias", () => {
  const segments = [0x1000, 0x3000].map((at) => ({
    type: 1,
    flags: 6,
    offset: at,
    address: at + 0x400000,
    fileBytes: 0x1000,
    memoryBytes: 0x1000,
  }));

  const asLoaded = [
    { start: 0x901000, end: 0x902000, fileOffset: 0x1000 },
    { start: 0x903000, end: 0x904000, fileOffset: 0x3000 },
  ];

  it("is what puts the segments in place", () => {
    expect(loadBias(segments, asLoaded)).toBe(0x500000);
  });

  it("is not taken from a mapping that only reads the file", () => {
    const readers = [
      { start: 0x10000, end: 0x20000, fileOffset: 0 },
      { start: 0x30000, end: 0x31000, fileOffset: 0x1000 },
    ];
    expect(loadBias(segments, [...readers, ...asLoaded])).toBe(0x500000);
  });

  it("is null when nothing fits", () => {
    expect(loadBias(segments, [{ start: 0x1000, end: 0x2000, fileOffset: 0x8000 }])).toBeNull();
    expect(loadBias([], [])).toBeNull();
  });
});

describe("noise", () => {
  const library = libraryBytes({ _PyRuntime: 0x5000, PyType_Type: 0x6000, Py_GetVersion: 0x7000 });

  it("in a library ends in a value", () => {
    expect(Object.fromEntries(read(library) ?? [])).toEqual({
      _PyRuntime: 0x5000,
      PyType_Type: 0x6000,
      Py_GetVersion: 0x7000,
    });
    fc.assert(
      fc.property(damage(library), (bytes) => {
        read(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it("in a real library ends in a value", () => {
    const real = readFileSync(hostOf(findInterpreters()[0] ?? { path: process.execPath, shared: false }));
    fc.assert(
      fc.property(damage(real.subarray(0, 4 << 20), 4096), (bytes) => {
        read(bytes);
      }),
      { numRuns: 200 },
    );
  });

  function read(bytes: Uint8Array): Map<string, number> | null {
    const elf = readElf(bytesReadAt(bytes));
    return elf.ok ? elf.value.symbols(NAMES) : null;
  }
});

/** The bytes with some of the first `within` replaced, and perhaps cut. */
function damage(bytes: Uint8Array, within: number = bytes.length): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(Math.min(within, bytes.length) - 1), value: fc.nat(255) });
  return fc
    .record({
      changes: fc.array(change, { maxLength: 20 }),
      length: fc.oneof(fc.constant(bytes.length), fc.nat(bytes.length)),
    })
    .map(({ changes, length }) => {
      const copy = bytes.slice(0, length);
      for (const { at, value } of changes) if (at < length) copy[at] = value;
      return copy;
    });
}
