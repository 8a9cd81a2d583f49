// Real cores of every interpreter, by gcore and by the kernel, held against the memory of the process they were made of.

import { bytesIn } from "../../src/base/byte-windows.ts";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Addr } from "../../src/base/brand.ts";
import { type CoreFile, type CoreOptions, openCore } from "../../src/capture/core-file.ts";
import { type FileMapping, findInterpreter } from "../../src/capture/find-interpreter.ts";
import { openReadAt, type ReadAt } from "../../src/capture/read-at.ts";
import { supportedVersions } from "../../src/cpython/layout-for-version.ts";
import { type MemoryImage, type OutsideReader, SLOTS_PER_PAGE } from "../../src/cpython/memory-image.ts";
import type { TargetError } from "../../src/model/target-error.ts";
import { samplePages, startStillTarget, type StillTarget, writeGcore, writeKernelCore } from "../support/core-dumps.ts";
import { elfBytes, fileNote, note, noteSegment, type TestSegment } from "../support/core-elf.ts";
import { describeInterpreter, findInterpreters, outsideInterpreters } from "../support/interpreters.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-cores-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const QUIET: CoreOptions = { progress: () => {} };
const NT_FILE = 0x46494c45;

async function open(path: string, options: CoreOptions = QUIET): Promise<CoreFile> {
  const opened = await openCore(path, options);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value;
}

async function errorOf(path: string, options: CoreOptions = QUIET): Promise<TargetError | null> {
  const opened = await openCore(path, options);
  if (!opened.ok) return opened.error;
  opened.value[Symbol.dispose]();
  return null;
}

function interpreterIn(
  mappings: readonly FileMapping[],
  openMapped: (path: string) => ReadAt | null,
  memory: OutsideReader,
): unknown {
  return findInterpreter(mappings, openMapped, (address, length) => memory.read(address, length), {
    pid: null,
    supported: supportedVersions,
  });
}

function pageOf(image: MemoryImage, address: Addr): Uint8Array {
  const table = image.highTable[Math.floor(address / 2 ** 32)] ?? 0;
  const page = image.pageTable[((table << 20) | ((address % 2 ** 32) >>> 12)) >>> 0] ?? 0;
  return bytesIn(image.bytes, page * SLOTS_PER_PAGE * 8, SLOTS_PER_PAGE * 8);
}

/** The core tells what the process told. */
function expectSame(
  core: CoreFile,
  live: { pages: ReturnType<typeof samplePages>; interpreter: unknown; target: StillTarget },
): void {
  expect(live.pages.length).toBeGreaterThan(10);
  for (const { address, bytes } of live.pages) {
    expect(Buffer.compare(pageOf(core.image, address), bytes), `page at ${address.toString(16)}`).toBe(0);
    expect(Buffer.compare(core.memory.read(address, bytes.length), bytes)).toBe(0);
  }
  expect(interpreterIn(core.mappings, core.openMappedFile, core.memory)).toEqual(live.interpreter);
  expect({ pid: core.pid, threads: core.threadCount, warnings: core.warnings }).toEqual({
    pid: live.target.pid,
    threads: 1,
    warnings: [],
  });
  expect(core.command[0]).toContain("python");
  expect(Math.abs(Date.now() - core.takenAtMs)).toBeLessThan(120_000);
}

describe("a core", () => {
  for (const python of outsideInterpreters()) {
    it(`of ${describeInterpreter(python)} shows what the process showed`, async ({ skip }) => {
      await using target = await startStillTarget(python.path);
      const live = {
        pages: samplePages(target),
        interpreter: interpreterIn(target.mappings, openReadAt, target.memory),
        target,
      };
      const byGcore = writeGcore(target);
      if (byGcore !== null) {
        using core = await open(byGcore);
        expectSame(core, live);
      }
      const byKernel = await writeKernelCore(target);
      if (byKernel !== null) {
        using core = await open(byKernel);
        expectSame(core, live);
        expect(core.mappings).toEqual(
          target.mappings
            .filter((m) => m.inode !== 0)
            .map(({ start, end, fileOffset, path }) => ({ start, end, fileOffset, path })),
        );
      }
      if (byGcore === null || byKernel === null)
        skip(`${byGcore === null ? "gcore" : "the kernel"} cannot write a core here`);
    });
  }
});

describe("a kernel's core", () => {
  const [python] = findInterpreters();
  if (python === undefined) throw new Error("findInterpreters() found none");

  it("leaves out constants, which come from the files that were mapped", async ({ skip }) => {
    await using target = await startStillTarget(python.path);
    using core = await open((await writeKernelCore(target)) ?? skip("the kernel cannot write a core here"));
    const [program] = core.mappings;
    if (program === undefined) throw new Error("no mappings");
    const expected = readFileSync(program.path).subarray(4000, 4200);
    expect(Buffer.from(core.memory.read((program.start + 4000) as Addr, 200))).toEqual(expected);
    expect(core.memory.read(0x10 as Addr, 8).length).toBe(0);
  });

  it("that was cut short says how much is missing", async ({ skip }) => {
    await using target = await startStillTarget(python.path);
    const path = (await writeKernelCore(target)) ?? skip("the kernel cannot write a core here");
    truncateSync(path, 3 << 20);
    const detail: unknown = expect.stringMatching(/^it ends after 3(?:\.0)? MiB of .* cut off/);
    expect(await errorOf(path)).toMatchObject({ code: "core-incomplete", detail });
  });

  it("is read with the sysroot's files, and only with the right ones", async ({ skip }) => {
    await using target = await startStillTarget(python.path);
    const path = (await writeKernelCore(target)) ?? skip("the kernel cannot write a core here");
    const host = hostOf(target, python.shared);
    const sysroot = join(folder, "root");
    mkdirSync(join(sysroot, dirname(host)), { recursive: true });
    const wrong = { code: "core-needs-file", mapped: host };
    expect(await errorOf(path, { ...QUIET, sysroot })).toMatchObject({ ...wrong, problem: "is not on this machine" });
    copyFileSync("/bin/sleep", join(sysroot, host));
    const problem: unknown = expect.stringMatching(/^is another build on this machine \(build id/);
    expect(await errorOf(path, { ...QUIET, sysroot })).toMatchObject({ ...wrong, problem });
    copyFileSync(host, join(sysroot, host));
    using core = await open(path, { ...QUIET, sysroot });
    expect(core.warnings).toEqual([expect.stringMatching(/is not on this machine \(and \d+ more\)/)]);
  });

  it("finds its interpreter beside the executable that was named", async ({ skip }) => {
    await using target = await startStillTarget(python.path);
    const path = (await writeKernelCore(target)) ?? skip("the kernel cannot write a core here");
    const home = join(folder, "elsewhere");
    for (const part of ["bin", "lib"]) mkdirSync(join(home, part), { recursive: true });
    const executable = join(home, "bin/python-of-then");
    copyFileSync(python.path, executable);
    const host = hostOf(target, python.shared);
    if (python.shared) copyFileSync(host, join(home, "lib", basename(host)));
    using core = await open(path, { ...QUIET, sysroot: join(folder, "nothing"), executable });
    expect(interpreterIn(core.mappings, core.openMappedFile, core.memory)).toMatchObject({ ok: true });
  });
});

function hostOf(target: StillTarget, isShared: boolean): string {
  const path = target.mappings.find((m) => basename(m.path).startsWith(isShared ? "libpython" : "python"))?.path;
  if (path === undefined) throw new Error("the interpreter is not mapped");
  return path;
}

describe("what is no core of a 64-bit Python", () => {
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const memory: TestSegment = { address: 0x10000, bytes: new Uint8Array(4096).fill(7) };
  const files = noteSegment(
    note(NT_FILE, fileNote(1, [{ start: 0x400000, end: 0x401000, units: 0, path: "/bin/sleep" }])),
  );

  it("is named, each with one reason", async () => {
    const detail = async (path: string): Promise<unknown> => {
      const error = await errorOf(path);
      return error !== null && "detail" in error ? `${error.code}: ${error.detail}` : error;
    };
    expect(await detail(join(folder, "absent"))).toBe("core-unreadable: there is no such file");
    expect(await detail(folder)).toBe("core-unreadable: it is no regular file");
    expect(await detail(write("empty", new Uint8Array(0)))).toBe("core-unreadable: it is empty");
    expect(await detail(write("text", Buffer.from("hello")))).toBe(
      "core-unreadable: it does not begin with an ELF header",
    );
    expect(await detail(process.execPath)).toMatch(/^core-unreadable: it is a program/);
    expect(await detail(write("big", elfBytes(4, [memory]).with(5, 2)))).toBe(
      "core-unreadable: it is a big-endian ELF file",
    );
    expect(await detail(write("small", elfBytes(4, [memory]).with(4, 1)))).toMatchObject({ code: "not-64-bit" });
    expect(await detail(write("bare", elfBytes(4, [memory])))).toMatch(/^core-incomplete: it does not list the files/);
    expect(await detail(write("read-only", elfBytes(4, [files, { ...memory, flags: 4 }])))).toMatch(
      /^core-incomplete: it holds none of the program's writable memory/,
    );
    expect(await detail(write("sleeping", elfBytes(4, [files, memory])))).toMatchObject({ code: "not-python" });
  });

  it("includes segments that overlap, are not aligned, or claim more than there is", async () => {
    const detail = async (...segments: TestSegment[]): Promise<string> => {
      const error = await errorOf(write("odd", elfBytes(4, [files, ...segments])));
      return error !== null && "detail" in error ? error.detail : JSON.stringify(error);
    };
    expect(await detail(memory, { ...memory, address: 0x10000 })).toMatch(/overlaps/);
    expect(await detail({ ...memory, address: 0x10008 })).toMatch(/does not begin at a page/);
    expect(await detail({ ...memory, fileBytes: 2 ** 45 })).toMatch(/it ends after/);
    expect(await detail({ ...memory, address: 2 ** 48 - 4096, bytes: new Uint8Array(8192) })).toMatch(
      /beyond the address space/,
    );
    const scattered = Array.from({ length: 300 }, (_, i) => ({ ...memory, address: (i + 1) * 2 ** 32 }));
    expect(await detail(...scattered)).toMatch(/scattered/);
  });
});
