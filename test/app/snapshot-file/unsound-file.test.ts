// Whatever else is at a path - cut, damaged, hostile, foreign, newer - ends in one error value.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSnapshotFile } from "../../../src/app/snapshot-file/read-snapshot-file.ts";
import { decodeBlockHeader, encodeBlockHeader, encodeFileHeader, SECTION_IDS } from "../../../src/heap/file/format.ts";
import { snapshotFault } from "../../../src/heap/file/snapshot-fault.ts";
import { explainSnapshotFileError } from "../../../src/model/explain-snapshot-file-error.ts";
import type { SnapshotFileError } from "../../../src/model/target-error.ts";
import { blocksIn, errorFor, folder, place, SESSIONS, write } from "../../support/snapshot-files.ts";

describe("damage", () => {
  test("a file cut anywhere is incomplete", async () => {
    const bytes = await write(SESSIONS, "whole.dwsnap");
    for (let length = 1; length < bytes.length; length++) {
      expect(await errorFor(bytes.subarray(0, length)), `${length} bytes`).toMatchObject({ code: "truncated" });
    }
  });

  test("a bit that flips in any byte is noticed", async () => {
    const bytes = await write(SESSIONS, "whole.dwsnap");
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const flipped = Buffer.from(bytes);
      flipped[bit >>> 3]! ^= 1 << (bit & 7);
      const { code } = await errorFor(flipped);
      expect(["corrupt", "truncated", "newer-format", "not-a-snapshot"], `bit ${bit}`).toContain(code);
    }
  }, 60_000);

  test("blocks left out, doubled or swapped are noticed", async () => {
    const bytes = await write(SESSIONS, "whole.dwsnap");
    const blocks = blocksIn(bytes);
    for (const { at, end } of blocks) {
      expect(await errorFor(Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]))).toMatchObject({
        code: expect.stringMatching(/corrupt|truncated/),
      });
      expect(await errorFor(Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]))).toMatchObject({
        code: "corrupt",
      });
    }
    expect(await errorFor(Buffer.concat([bytes, Buffer.from([0])]))).toMatchObject({
      code: "corrupt",
      detail: "something follows its footer",
    });
  });

  test("damage with good checksums - an enemy's, not the disk's - never throws", async () => {
    const bytes = await write(SESSIONS, "whole.dwsnap");
    const blocks = blocksIn(bytes);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(blocks.length - 1),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (chosen, where, change) => {
          const { at, end, raw, section } = blocks[chosen]!;
          const changed = Buffer.from(raw);
          if (changed.length > 0) changed[where % changed.length]! ^= change;
          const block = encodeBlock(section, decodeBlockHeader(bytes.subarray(at)).index, changed);
          writeFileSync(place("enemy.dwsnap"), Buffer.concat([bytes.subarray(0, at), block, bytes.subarray(end)]));
          const result = await readSnapshotFile(place("enemy.dwsnap"));
          expect(result.ok ? snapshotFault(result.value) : null).toBeNull();
        },
      ),
      { numRuns: 500 },
    );
  }, 60_000);

  function encodeBlock(section: number, index: number, raw: Uint8Array): Buffer {
    const stored = deflateRawSync(raw);
    const isSmaller = stored.length < raw.length;
    return Buffer.concat([
      encodeBlockHeader(
        { section, codec: isSmaller ? 1 : 0, index, rawLength: raw.length },
        isSmaller ? stored : raw,
        crc32,
      ),
      isSmaller ? stored : raw,
    ]);
  }
});

describe("hostile files", () => {
  const totals = { values: false, nodes: 1, edges: 0, excess: 0, texts: 0, textBytes: 0 };

  test.each([
    ["nodes", 2 ** 27, "truncated"],
    ["nodes", 2 ** 32 - 1, "corrupt"],
    ["nodes", 0, "corrupt"],
    ["edges", 2 ** 32 - 1, "truncated"],
    ["excess", 2 ** 31, "truncated"],
    ["texts", 2 ** 31, "truncated"],
    ["textBytes", 2 ** 32 - 1, "truncated"],
  ])(
    "a header of a small file that claims %s = %d is refused before anything is allocated",
    async (name, claimed, code) => {
      const header = encodeFileHeader({ ...totals, [name]: claimed }, crc32);
      const before = process.memoryUsage().arrayBuffers;
      expect(await errorFor(Buffer.concat([header, Buffer.alloc(1000)]))).toMatchObject({
        code,
        detail: expect.stringMatching(/ends after \d+ bytes, which cannot hold|announces \d+ objects$/),
      });
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 22);
    },
  );

  test("a block that unpacks to more than it says is refused at what it says", async () => {
    const bomb = deflateRawSync(Buffer.alloc(200 << 20));
    const block = encodeBlockHeader({ section: SECTION_IDS.meta, codec: 1, index: 0, rawLength: 1 << 20 }, bomb, crc32);
    const header = encodeFileHeader(totals, crc32);
    const before = process.memoryUsage().rss;
    expect(await errorFor(Buffer.concat([header, block, bomb]))).toMatchObject({ code: "corrupt" });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
  });

  test("a block that says it is gigabytes is refused", async () => {
    const block = encodeBlockHeader(
      { section: SECTION_IDS.meta, codec: 1, index: 0, rawLength: 2 ** 31 },
      Buffer.alloc(10),
      crc32,
    );
    expect(await errorFor(Buffer.concat([encodeFileHeader(totals, crc32), block, Buffer.alloc(10)]))).toMatchObject({
      code: "corrupt",
      detail: expect.stringContaining("impossible length"),
    });
  });
});

describe("files that are something else", () => {
  test.each([
    ["empty", Buffer.alloc(0), "an empty file"],
    [
      "core",
      Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01", "latin1"), Buffer.alloc(9), Buffer.from([4, 0, 62, 0])]),
      "an ELF core file",
    ],
    ["heapsnapshot", Buffer.from('{"snapshot":{"meta":{}}}'), "a V8 heap snapshot (JSON)"],
    ["gzip", gzipSync("hello"), "a gzip archive"],
    ["text", Buffer.from("hello\nworld\n"), 'a text file that begins with "hello\\nworld\\n"'],
    ["binary", Buffer.from([0, 1, 2]), "binary data that begins with 00 01 02"],
  ])("%s", async (_, bytes, seen) => {
    expect(await errorFor(bytes)).toEqual({ code: "not-a-snapshot", file: place("spoiled.dwsnap"), seen });
  });

  test("a newer major version, whatever its header looks like", async () => {
    const bytes = await write(SESSIONS, "newer.dwsnap");
    bytes.writeUInt16LE(2, 8);
    bytes.fill(0xff, 12, 44);
    expect(await errorFor(bytes)).toMatchObject({ code: "newer-format", version: 2, supported: 1 });
  });

  test("a newer minor version with a longer header", async () => {
    const bytes = await write(SESSIONS, "minor.dwsnap");
    const header = Buffer.concat([bytes.subarray(0, 40), Buffer.from("more", "latin1"), Buffer.alloc(4)]);
    header.writeUInt16LE(7, 10);
    header.writeUInt32LE(header.length, 12);
    header.writeUInt32LE(crc32(header.subarray(0, -4)), header.length - 4);
    writeFileSync(place("minor.dwsnap"), Buffer.concat([header, bytes.subarray(44)]));
    expect(await readSnapshotFile(place("minor.dwsnap"))).toEqual({ ok: true, value: SESSIONS });
  });

  test("no file, a folder, a pipe that nobody writes to", async () => {
    execFileSync("mkfifo", [place("pipe")]);
    expect(await readSnapshotFile(place("nowhere.dwsnap"))).toMatchObject({ error: { code: "not-found" } });
    expect(await readSnapshotFile(folder)).toMatchObject({ error: { code: "not-readable", detail: "it is a folder" } });
    expect(await readSnapshotFile(place("pipe"))).toMatchObject({
      error: { code: "not-readable", detail: "it is not an ordinary file" },
    });
  });

  test("every error explains itself in whole sentences", () => {
    const file = "a.dwsnap";
    const errors: readonly SnapshotFileError[] = [
      { code: "not-found", file },
      { code: "not-readable", file, detail: "it is a folder" },
      { code: "not-a-snapshot", file, seen: "an ELF core file" },
      { code: "not-a-snapshot", file, seen: "a gzip archive" },
      { code: "not-a-snapshot", file, seen: "a JSON file" },
      { code: "newer-format", file, version: 2, supported: 1 },
      { code: "truncated", file, detail: "it ends after 7 bytes, inside its header" },
      { code: "corrupt", file, detail: "block 3 does not match its checksum" },
      { code: "not-writable", file, detail: "the disk is full" },
    ];
    for (const error of errors)
      expect(explainSnapshotFileError(error)).toMatch(/^[^\n]*a\.dwsnap[^\n]*[.A-Z]$|^[^\n]*a\.dwsnap[^\n]*\.dwsnap$/);
  });
});
