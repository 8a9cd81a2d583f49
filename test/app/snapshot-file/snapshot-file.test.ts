// Files on a real disk: what is written comes back; whatever else is there ends in one error value.

import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { crc32, deflateRawSync, gzipSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NodeIx } from "../../../src/base/brand.ts";
import { type CreateFile, createFile } from "../../../src/app/snapshot-file/atomic-file.ts";
import { readSnapshotFile } from "../../../src/app/snapshot-file/read-snapshot-file.ts";
import { writeSnapshotFile } from "../../../src/app/snapshot-file/write-snapshot-file.ts";
import { describeContents } from "../../../src/heap/file/describe-contents.ts";
import { decodeBlockHeader, encodeBlockHeader, encodeFileHeader, SECTION_IDS } from "../../../src/heap/file/format.ts";
import { snapshotFault } from "../../../src/heap/file/snapshot-fault.ts";
import { ATTRIBUTE_LABEL, type Snapshot } from "../../../src/heap/snapshot.ts";
import { explainSnapshotFileError } from "../../../src/model/explain-snapshot-file-error.ts";
import type { ProgressStep } from "../../../src/model/progress.ts";
import type { SnapshotFileError } from "../../../src/model/target-error.ts";
import { anySnapshot } from "../../support/any-snapshot.ts";
import { buildSnapshot } from "../../support/snapshot-literal.ts";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "dwsnap-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const place = (name: string): string => join(folder, name);

const SESSIONS: Snapshot = buildSnapshot({
  meta: { command: ["python", "app.py"] },
  types: [
    "?",
    { name: "dict", shape: "mapping", role: "dict" },
    { name: "User", module: "app.models", attributes: ["email"], fields: new Map([[18, "__dict__"]]) },
    "str",
  ],
  nodes: [
    {},
    { type: 1, bytes: 232, refs: [3, 2] },
    { type: 2, bytes: 48, refs: [{ to: 3, label: ATTRIBUTE_LABEL }], excess: 1 },
    { type: 3, bytes: 60, text: "REGISTRY" },
  ],
  roots: [{ node: 1 as NodeIx, tier: "frames", origin: { kind: "frame-local", thread: 0, frame: 0, name: "rows" } }],
  threads: [
    {
      name: "MainThread",
      ident: "140",
      frames: [{ code: 1 as NodeIx, function: "handle", file: "/srv/app.py", line: 31 }],
    },
  ],
  codes: [
    { node: 1 as NodeIx, qualname: "make_handler", file: "/srv/app.py", firstLine: 31, freeVariables: ["cached_rows"] },
  ],
  lruCaches: [{ node: 1 as NodeIx, hits: 1, misses: 2, maxsize: null, entries: 3 }],
});

async function write(snapshot: Snapshot, name: string): Promise<Buffer> {
  const written = await writeSnapshotFile(snapshot, place(name));
  expect(written).toMatchObject({ ok: true });
  const bytes = readFileSync(place(name));
  if (written.ok) expect(written.value.fileBytes).toBe(bytes.length);
  return bytes;
}

async function errorFor(bytes: Uint8Array, name = "spoiled.dwsnap"): Promise<SnapshotFileError> {
  writeFileSync(place(name), bytes);
  const result = await readSnapshotFile(place(name));
  if (result.ok) throw new Error("was read");
  return result.error;
}

/** An independent look at a file: every block with its place, by the description in docs/formats/snapshot.md. */
function blocksIn(bytes: Buffer): { section: number; at: number; end: number; raw: Buffer }[] {
  const blocks = [];
  for (let at = bytes.readUInt32LE(12); at < bytes.length; ) {
    const stored = bytes.subarray(at + 20, at + 20 + bytes.readUInt32LE(at + 12));
    expect(crc32(stored, crc32(bytes.subarray(at, at + 16)))).toBe(bytes.readUInt32LE(at + 16));
    const end = at + 20 + stored.length;
    blocks.push({ section: bytes[at]!, at, end, raw: bytes[at + 1] === 1 ? inflateRawSync(stored) : stored });
    at = end;
  }
  return blocks;
}

describe("round trip", () => {
  test("any sound snapshot", async () => {
    await fc.assert(
      fc.asyncProperty(anySnapshot(), async (snapshot) => {
        await write(snapshot, "any.dwsnap");
        expect(await readSnapshotFile(place("any.dwsnap"))).toEqual({ ok: true, value: snapshot });
      }),
      { numRuns: 100 },
    );
  });

  test("columns over several blocks, more of them than are in flight", async () => {
    const snapshot = largeSnapshot(400_000);
    const bytes = await write(snapshot, "large.dwsnap");
    expect(blocksIn(bytes).length).toBeGreaterThan(15);
    const read = await readSnapshotFile(place("large.dwsnap"));
    if (!read.ok) throw new Error(explainSnapshotFileError(read.error));
    expect(Buffer.from(read.value.refs.edgeTarget.buffer).equals(Buffer.from(snapshot.refs.edgeTarget.buffer))).toBe(
      true,
    );
    expect(Buffer.from(read.value.edgeLabel.buffer).equals(Buffer.from(snapshot.edgeLabel.buffer))).toBe(true);
    expect(Buffer.from(read.value.nodes.addressLow.buffer).equals(Buffer.from(snapshot.nodes.addressLow.buffer))).toBe(
      true,
    );
    expect(Buffer.from(read.value.texts.utf8.buffer).equals(Buffer.from(snapshot.texts.utf8.buffer))).toBe(true);
  });

  test("the same snapshot gives the same bytes, the disk order of the threads notwithstanding", async () => {
    const snapshot = largeSnapshot(200_000);
    const first = await write(snapshot, "first.dwsnap");
    expect((await write(snapshot, "second.dwsnap")).equals(first)).toBe(true);
  });

  test("both directions say how far they are", async () => {
    const snapshot = largeSnapshot(100_000);
    const steps: ProgressStep[] = [];
    const progress = (step: ProgressStep): void => void steps.push(step);
    await writeSnapshotFile(snapshot, place("progress.dwsnap"), { progress });
    await readSnapshotFile(place("progress.dwsnap"), { progress });
    for (const phase of ["writing snapshot", "reading snapshot"]) {
      const done = steps.filter((step) => step.phase === phase).map((step) => step.done);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
      expect(done.at(-1)).toBe(steps.findLast((step) => step.phase === phase)?.total);
    }
  });
});

/** Columns as a large heap has them, made without an object per node. */
function largeSnapshot(count: number): Snapshot {
  const small = buildSnapshot({ types: ["?", "dict", "str"] });
  const degree = 3;
  const edgeCount = (count - 1) * degree;
  const row = (_: unknown, index: number): number => index;
  return {
    ...small,
    nodes: {
      ...small.nodes,
      count,
      type: Uint16Array.from({ length: count }, (_, i) => (i === 0 ? 0 : 1 + (i % 2))),
      shallowBytes: Uint32Array.from({ length: count }, (_, i) => (i * 2_654_435_761) % 4096).fill(0, 0, 1),
      addressLow: Uint32Array.from({ length: count }, (_, i) => i * 48),
    },
    refs: {
      nodeCount: count,
      edgeStart: Uint32Array.from({ length: count + 1 }, (_, i) => Math.max(0, i - 1) * degree),
      edgeTarget: Uint32Array.from({ length: edgeCount }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 0) % count),
    },
    edgeLabel: Uint16Array.from({ length: edgeCount }, (_, i) => (i % 5 < 3 ? 0 : 16 + (i % 90))),
    excess: {
      node: Uint32Array.from({ length: count }, row),
      excess: Int32Array.from({ length: count }, (_, i) => (i % 7) - 3),
    },
    texts: {
      node: Uint32Array.from({ length: count }, row),
      start: Uint32Array.from({ length: count + 1 }, (_, i) => i * 4),
      utf8: new TextEncoder().encode("größe".slice(0, 3).repeat(count)),
    },
  };
}

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
    ["nodes", 2 ** 30],
    ["nodes", 2 ** 32 - 1],
    ["nodes", 0],
    ["edges", 2 ** 32 - 1],
    ["excess", 2 ** 31],
    ["texts", 2 ** 31],
    ["textBytes", 2 ** 32 - 1],
  ])("a header of a small file that claims %s = %d is refused before anything is allocated", async (name, claimed) => {
    const header = encodeFileHeader({ ...totals, [name]: claimed }, crc32);
    const before = process.memoryUsage().arrayBuffers;
    expect(await errorFor(Buffer.concat([header, Buffer.alloc(1000)]))).toMatchObject({
      code: "corrupt",
      detail: expect.stringContaining("cannot hold"),
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 22);
  });

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

describe("writing is all or nothing", () => {
  const namesIn = (path: string): string[] => readdirSync(path).toSorted();
  const freshFolder = (): string => mkdtempSync(join(folder, "write-"));

  test("the file is its owner's alone, and nothing else stays", async () => {
    const into = freshFolder();
    await writeSnapshotFile(SESSIONS, join(into, "a.dwsnap"));
    expect(namesIn(into)).toEqual(["a.dwsnap"]);
    expect(statSync(join(into, "a.dwsnap")).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["ENOSPC", "the disk is full"],
    ["EDQUOT", "the disk quota is used up"],
    ["EIO", "the disk reports an error"],
  ])("%s in the middle leaves the old file and no other", async (code, detail) => {
    const into = freshFolder();
    const path = join(into, "a.dwsnap");
    writeFileSync(path, "old");
    expect(await writeSnapshotFile(SESSIONS, path, { create: failingAfter(3, code) })).toEqual({
      ok: false,
      error: { code: "not-writable", file: path, detail },
    });
    expect(namesIn(into)).toEqual(["a.dwsnap"]);
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  test.each([1, 2, 10, 20])("a failure at write %d", async (count) => {
    const into = freshFolder();
    expect(
      await writeSnapshotFile(largeSnapshot(20_000), join(into, "a.dwsnap"), { create: failingAfter(count, "ENOSPC") }),
    ).toMatchObject({ ok: false });
    expect(namesIn(into)).toEqual([]);
  });

  /** A disk that fails at the n-th write. */
  function failingAfter(count: number, code: string): CreateFile {
    return async (path) => {
      const file = await createFile(path);
      let writes = 0;
      return {
        ...file,
        write: (bytes) =>
          ++writes >= count ? Promise.reject(Object.assign(new Error(code), { code, errno: -28 })) : file.write(bytes),
      };
    };
  }

  test("a folder in which the kernel lets nobody create files", async () => {
    const outcome = await writeSnapshotFile(SESSIONS, "/proc/self/a.dwsnap");
    expect(outcome).toMatchObject({ ok: false, error: { code: "not-writable" } });
  });

  test("places where no file can be", async () => {
    const into = freshFolder();
    mkdirSync(join(into, "folder"));
    writeFileSync(join(into, "file"), "");
    const reasonFor = async (path: string): Promise<unknown> => {
      const outcome = await writeSnapshotFile(SESSIONS, path);
      return outcome.ok ? null : outcome.error.code === "not-writable" && outcome.error.detail;
    };
    expect(await reasonFor(join(into, "folder"))).toBe("it is a folder");
    expect(await reasonFor("/dev/null")).toBe("it is not an ordinary file");
    expect(await reasonFor(join(into, "missing", "a.dwsnap"))).toBe("its folder does not exist");
    expect(await reasonFor(join(into, "file", "a.dwsnap"))).toBe("its folder is a file");
    expect(await reasonFor(join(into, "x".repeat(300)))).toBe("the name is too long");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  test.skipIf(process.getuid?.() === 0)("a folder that may not be written to", async () => {
    const into = freshFolder();
    chmodSync(into, 0o500);
    expect(await writeSnapshotFile(SESSIONS, join(into, "a.dwsnap"))).toMatchObject({
      error: { detail: "there is no permission to write there" },
    });
  });

  test("a link stays a link; what it points to is replaced", async () => {
    const into = freshFolder();
    writeFileSync(join(into, "real.dwsnap"), "old");
    symlinkSync("real.dwsnap", join(into, "link.dwsnap"));
    await writeSnapshotFile(SESSIONS, join(into, "link.dwsnap"));
    expect(namesIn(into)).toEqual(["link.dwsnap", "real.dwsnap"]);
    expect(await readSnapshotFile(join(into, "real.dwsnap"))).toMatchObject({ ok: true });
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP", "exit"] as const)(
    "%s in the middle of writing removes the unfinished file and still ends the program",
    async (how) => {
      const into = freshFolder();
      const program = `
      const { writeSnapshotFile } = await import(${JSON.stringify(resolve("src/app/snapshot-file/write-snapshot-file.ts"))});
      const { createFile } = await import(${JSON.stringify(resolve("src/app/snapshot-file/atomic-file.ts"))});
      const { buildSnapshot } = await import(${JSON.stringify(resolve("test/support/snapshot-literal.ts"))});
      const create = async (path) => {
        const file = await createFile(path);
        let writes = 0;
        return { ...file, write: async (bytes) => { await file.write(bytes); if (++writes === 4) { ${how === "exit" ? "process.exit(7)" : 'process.stdout.write("writing\\n"); await new Promise((done) => setTimeout(done, 20_000))'}; } } };
      };
      await writeSnapshotFile(buildSnapshot(), ${JSON.stringify(join(into, "a.dwsnap"))}, { create });
    `;
      const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise<unknown>((done) => child.once("exit", (status, signal) => done(signal ?? status)));
      if (how !== "exit") {
        await new Promise((done) => child.stdout.once("data", done));
        expect(namesIn(into)).toHaveLength(1);
        child.kill(how);
      }
      expect(await ended).toBe(how === "exit" ? 7 : how);
      expect(namesIn(into)).toEqual([]);
    },
  );

  test("no listener stays behind", async () => {
    const count = (): number =>
      ["SIGINT", "SIGTERM", "SIGHUP", "exit"].reduce((sum, event) => sum + process.listenerCount(event), 0);
    const before = count();
    await writeSnapshotFile(SESSIONS, place("listeners.dwsnap"));
    expect(count()).toBe(before);
  });
});

describe("what is inside", () => {
  test("without --values a file holds names and nothing else", async () => {
    const bytes = await write(SESSIONS, "names.dwsnap");
    const strings = blocksIn(bytes)
      .filter(({ section }) => section < SECTION_IDS.addressLow)
      .flatMap(({ raw }) =>
        raw
          .toString()
          .trim()
          .split("\n")
          .flatMap((line) => stringsIn(JSON.parse(line))),
      );
    const names = [
      "live",
      "python",
      "app.py",
      "3.11.7",
      "/usr/bin/python3.11",
      "?",
      "builtins",
      "dict",
      "User",
      "app.models",
      "email",
      "__dict__",
      "str",
      "fields",
      "mapping",
      "plain",
      "frames",
      "frame-local",
      "rows",
      "MainThread",
      "140",
      "handle",
      "/srv/app.py",
      "make_handler",
      "cached_rows",
    ];
    expect([...new Set(strings)].toSorted()).toEqual(names.toSorted());
    const texts = blocksIn(bytes).filter(({ section }) => section === SECTION_IDS.textBytes);
    expect(texts.map(({ raw }) => raw.toString())).toEqual(["REGISTRY"]);
    expect(describeContents(SESSIONS)).toMatchObject({ values: false, texts: 1, textsBeyondNames: 0 });
  });

  function stringsIn(value: unknown): string[] {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
  }

  test("describeContents counts what the file has, block for block", async () => {
    const bytes = await write(SESSIONS, "contents.dwsnap");
    const idOf = (section: keyof typeof SECTION_IDS): number => SECTION_IDS[section];
    expect(describeContents(SESSIONS).sections.map(({ section, bytes: size }) => [idOf(section), size])).toEqual(
      blocksIn(bytes).map(({ section, raw }) => [section, raw.length]),
    );
  });

  test("a text that is no name does not hide", () => {
    const snapshot = buildSnapshot({
      nodes: [
        {},
        { text: "hunter2!" },
        { text: "app.sessions" },
        { text: "17" },
        { text: "/srv/app.py" },
        { text: "straße" },
        { text: "" },
      ],
    });
    expect(describeContents(snapshot)).toMatchObject({ texts: 6, textsBeyondNames: 2 });
  });
});

test("a snapshot that breaks its promises is our bug and is not written", async () => {
  const broken = buildSnapshot({ nodes: [{}, { refs: [7] }] });
  await expect(writeSnapshotFile(broken, place("broken.dwsnap"))).rejects.toThrow(
    "internal: a snapshot may not be written: object 1 refers to an object that does not exist",
  );
});
