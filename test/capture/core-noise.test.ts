// Cores that were damaged, invented, or are far larger than what they hold: a value in every case, never a throw.

import { byteAt } from "../../src/base/byte-windows.ts";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { copyCoreImage } from "../../src/capture/core-image.ts";
import { openCore } from "../../src/capture/core-file.ts";
import { readCoreNotes } from "../../src/capture/core-notes.ts";
import { forEachFilledRun } from "../../src/capture/core-page-runs.ts";
import { readElf } from "../../src/capture/elf.ts";
import { bytesReadAt, openReadAt, type ReadAt } from "../../src/capture/read-at.ts";
import { elfBytes, fileNote, libraryBytes, note, noteSegment } from "../support/core-elf.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-noise-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [NT_PRSTATUS, NT_PRPSINFO, NT_FILE] = [1, 3, 0x46494c45];

function prpsinfo(pid: number, name: string, words: string): Uint8Array {
  const bytes = Buffer.alloc(136);
  bytes.writeInt32LE(pid, 24);
  bytes.write(name, 40);
  bytes.write(words, 56);
  return bytes;
}

/** A small core of a "process" that maps one library, which lies in the core itself. */
function smallCore(): Uint8Array {
  const library = libraryBytes({ Py_GetVersion: 0x1000, PyType_Type: 0x1800, _PyRuntime: 0x1f00 });
  const files = fileNote(4096, [
    { start: 0x400000, end: 0x400000 + library.length, units: 0, path: "/nowhere/libpython3.11.so" },
  ]);
  return elfBytes(4, [
    noteSegment(
      note(NT_PRSTATUS, new Uint8Array(336)),
      note(NT_PRPSINFO, prpsinfo(4711, "python3", "python3 app.py --debug")),
      note(NT_FILE, files),
    ),
    { address: 0x400000, flags: 4, bytes: library },
    { address: 0x900000, bytes: new Uint8Array(8192).fill(3) },
  ]);
}

describe("a core", () => {
  it("that was made up is read when it is sound", async () => {
    writeFileSync(join(folder, "sound"), smallCore());
    const opened = await openCore(join(folder, "sound"), { progress: () => {} });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    using core = opened.value;
    expect(core).toMatchObject({ pid: 4711, command: ["python3", "app.py", "--debug"], threadCount: 1 });
    expect(core.image.copiedBytes).toBe(8192);
    expect(core.warnings).toEqual([expect.stringContaining("/nowhere/libpython3.11.so is not on this machine")]);
  });

  it("with any damage ends in a value", async () => {
    const sound = smallCore();
    const change = fc.record({ at: fc.nat(sound.length - 1), value: fc.nat(255) });
    const inHeaders = fc.record({ at: fc.nat(700), value: fc.constantFrom(0, 1, 0x7f, 0xff) });
    const changes = fc.array(fc.oneof(change, inHeaders), { maxLength: 8 });
    const path = join(folder, "damaged");
    await fc.assert(
      fc.asyncProperty(changes, fc.oneof(fc.constant(sound.length), fc.nat(sound.length)), async (edits, length) => {
        const bytes = sound.slice(0, length);
        for (const { at, value } of edits) if (at < length) bytes[at] = value;
        writeFileSync(path, bytes);
        const opened = await openCore(path, { progress: () => {} });
        if (opened.ok) opened.value[Symbol.dispose]();
      }),
      { numRuns: 400 },
    );
  }, 60_000);

  it("counts file offsets in the unit that its note names", () => {
    for (const [unit, units] of [
      [4096, 3],
      [1, 0x3000],
    ] as const) {
      const core = bytesReadAt(
        elfBytes(4, [
          noteSegment(
            note(
              NT_FILE,
              fileNote(unit, [
                { start: 0x1000, end: 0x2000, units, path: "/tmp/ü" },
                { start: 0x5000, end: 0x6000, units: 0, path: "/b" },
              ]),
            ),
          ),
        ]),
      );
      const elf = readElf(core);
      expect(elf.ok && readCoreNotes(core, elf.value.segments).mappings).toEqual([
        { start: 0x1000, end: 0x2000, fileOffset: 0x3000, path: "/tmp/ü" },
        { start: 0x5000, end: 0x6000, fileOffset: 0, path: "/b" },
      ]);
    }
  });
});

describe("a core beyond 4 GiB", () => {
  const GIB = 2 ** 30;
  const path = join(folder, "sparse");

  function copy(core: ReadAt, offset: number, fileBytes: number): ReturnType<typeof copyCoreImage> {
    const segment = { type: 1, flags: 6, offset, address: 0x7f0000000000, fileBytes, memoryBytes: fileBytes };
    return copyCoreImage({
      name: path,
      core,
      writable: [segment],
      outside: { read: () => new Uint8Array(0) },
      isShared: false,
      progress: () => {},
    });
  }

  it("costs only what it holds", async () => {
    const fd = openSync(path, "w");
    ftruncateSync(fd, 6 * GIB);
    writeSync(fd, new Uint8Array(4096).fill(9), 0, 4096, 5 * GIB);
    closeSync(fd);
    using core = openReadAt(path) ?? bytesReadAt(new Uint8Array(0));
    const before = process.memoryUsage().rss;
    const copied = await copy(core, 4.5 * GIB, GIB);
    if (!copied.ok) throw new Error(JSON.stringify(copied.error));
    expect(copied.value.copiedBytes).toBe(4096);
    expect(byteAt(copied.value.bytes, 4096 + 0.5 * GIB)).toBe(9);
    expect(copied.value.runs).toEqual([{ address: 0x7f0000000000, firstPage: 1, pageCount: GIB / 4096 }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });

  it("that no buffer of this Node can hold is refused", async () => {
    const huge = { size: 2 ** 52, read: () => new Uint8Array(0), readInto: () => 0, [Symbol.dispose]: () => {} };
    expect(await copy(huge, 0, 2 ** 46)).toMatchObject({
      ok: false,
      error: { code: "too-large", bytes: 2 ** 46 + 4096 },
    });
  });
});

describe("filled runs", () => {
  it("are exactly the pages with something in them", () => {
    const page = fc.constantFrom<"zero" | "first" | "last">("zero", "first", "last");
    fc.assert(
      fc.property(fc.array(page, { maxLength: 12 }), fc.nat(4095), (pages, tail) => {
        const bytes = new Uint8Array(pages.length * 4096 + tail);
        pages.forEach((kind, i) => {
          if (kind !== "zero") bytes[i * 4096 + (kind === "first" ? 0 : 4095)] = 1;
        });
        const filled: number[] = [];
        forEachFilledRun(bytes, (start, end) => {
          for (let at = start; at < end; at += 4096) filled.push(at / 4096);
        });
        expect(filled).toEqual(pages.flatMap((kind, i) => (kind === "zero" ? [] : [i])));
      }),
    );
  });
});
