// Compressed cores as coredumpctl keeps them, made by the real tools; and what damage does to them.

import { execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type Compression, compressionOf, decompressFile } from "../../src/capture/decompress-file.ts";
import { decompressLz4 } from "../../src/capture/decompress-lz4.ts";
import { xxh32 } from "../../src/capture/decompress-xxh32.ts";
import { decompressByPackage, decompressZstd } from "../../src/capture/decompress-zstd.ts";
import { openCore } from "../../src/capture/core-file.ts";
import type { ProgressStep } from "../../src/model/progress.ts";
import { hasCommand, startStillTarget, writeKernelCore } from "../support/core-dumps.ts";
import { findInterpreters } from "../support/interpreters.ts";
import { ownTemporaries } from "../support/own-temporaries.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-compressed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Text, zeros, noise and repeats: every kind of sequence a compressor writes, across several blocks. */
const content: Uint8Array = Buffer.concat([
  Buffer.from("the quick brown fox ".repeat(10_000)),
  Buffer.alloc(5 << 20),
  Buffer.from(Array.from({ length: 300_000 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 13) & 255)),
  Buffer.from("abcabcabd".repeat(50_000)),
  Buffer.alloc(1234),
]);

/** By the real command; `flags` such as "-B4 -BD". */
function compress(command: "zstd" | "lz4" | "gzip", bytes: Uint8Array, ...flags: string[]): Uint8Array {
  return execFileSync(command, ["-c", ...flags], {
    input: bytes,
    maxBuffer: 1 << 28,
    stdio: ["pipe", "pipe", "ignore"],
  });
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

/** In pieces of odd size: decoders must not care where a chunk ends. */
function inPieces(bytes: Uint8Array, size: number): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    Buffer.from(bytes.subarray(i * size, (i + 1) * size)),
  );
  return Readable.from(pieces);
}

describe("LZ4 frames", () => {
  const variants = ["", "-9", "-B4 -BD", "-B5 -BX", "-B7 -BD -BX", "--no-frame-crc", "--content-size"];
  for (const flags of variants) {
    it.skipIf(!hasCommand("lz4"))(`made by lz4 ${flags} are decoded`, async () => {
      const bytes = compress("lz4", content, ...flags.split(" ").filter((flag) => flag !== ""));
      expect((await collect(decompressLz4(inPieces(bytes, 60_001)))).equals(content)).toBe(true);
      const twice = Buffer.concat([bytes, Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3), bytes]);
      expect((await collect(decompressLz4(inPieces(twice, 1 << 20)))).length).toBe(2 * content.length);
    });
  }

  it.skipIf(!hasCommand("lz4"))("that are damaged end in an error, for every damage", async () => {
    const small = content.subarray(150_000, 210_000);
    const bytes = compress("lz4", small, "-BX");
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        const outcome = await collect(decompressLz4(inPieces(damaged, 5000))).catch(() => null);
        // The flag for the content's size or its checksum may go unnoticed only when the content is the same.
        expect(outcome === null || outcome.equals(small) || outcome.length === 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("carry XXH32 checksums", () => {
    expect(xxh32(new Uint8Array(0))).toBe(0x02cc5d05);
    expect(xxh32(Buffer.from("Nobody inspects the spammish repetition"))).toBe(0xe2293b2f);
  });
});

describe("Zstandard frames", () => {
  const decoders = { "the command": decompressZstd, "the package": decompressByPackage };
  for (const [name, decode] of Object.entries(decoders)) {
    it.skipIf(!hasCommand("zstd"))(`are decoded by ${name}`, async () => {
      for (const flags of [["-3"], ["-19"], ["--no-check"]]) {
        const bytes = compress("zstd", content, ...flags);
        expect((await collect(decode(inPieces(bytes, 60_001)))).equals(content)).toBe(true);
      }
      // pzstd writes frames one after the other.
      const frames = compress("zstd", content);
      const twice = await collect(decode(inPieces(Buffer.concat([frames, frames]), 60_001)));
      expect(twice.equals(Buffer.concat([content, content]))).toBe(true);
    });

    it.skipIf(!hasCommand("zstd"))(`that were cut off are refused by ${name}`, async () => {
      const bytes = compress("zstd", content);
      for (const length of [5, bytes.length >> 1, bytes.length - 1]) {
        await expect(collect(decode(inPieces(bytes.subarray(0, length), 10_000)))).rejects.toThrow();
      }
    });
  }
});

describe("without the zstd command", () => {
  const path = process.env["PATH"];
  afterEach(() => {
    process.env["PATH"] = path;
  });

  it.skipIf(!hasCommand("zstd"))("the package takes over", async () => {
    const bytes = compress("zstd", content);
    process.env["PATH"] = folder;
    expect((await collect(decompressZstd(inPieces(bytes, 60_001)))).equals(content)).toBe(true);
  });
});

describe("a compressed file", () => {
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  async function roundTrip(
    compression: Compression,
    bytes: Uint8Array,
  ): Promise<{ same: boolean; steps: ProgressStep[] }> {
    const steps: ProgressStep[] = [];
    const path = write("round-trip", bytes);
    expect(compressionOf(bytes)).toBe(compression);
    const opened = await decompressFile(path, compression, bytes.length, (step) => steps.push(step));
    if (!opened.ok) throw new Error(opened.error.detail);
    using file = opened.value;
    return { same: Buffer.from(file.read(0, file.size)).equals(content), steps };
  }

  it("is recognised by its first bytes and read back", async () => {
    const { same, steps } = await roundTrip("gzip", gzipSync(content));
    expect(same).toBe(true);
    expect(steps.at(-1)).toMatchObject({ unit: "bytes" });
    expect(steps.at(-1)?.done).toBe(steps.at(-1)?.total);
    if (hasCommand("zstd")) expect((await roundTrip("zstd", compress("zstd", content))).same).toBe(true);
    if (hasCommand("lz4")) expect((await roundTrip("lz4", compress("lz4", content))).same).toBe(true);
    expect(compressionOf(content)).toBeNull();
  });

  it("that is damaged is one sentence, and leaves no file behind", async () => {
    using temporaries = ownTemporaries();
    const gz = gzipSync(content);
    const made: [string, Uint8Array][] = [["gzip", gz]];
    if (hasCommand("zstd")) made.push(["zstd", compress("zstd", content)]);
    if (hasCommand("lz4")) made.push(["lz4", compress("lz4", content)]);
    for (const [name, bytes] of made) {
      for (const damaged of [
        bytes.subarray(0, bytes.length >> 1),
        Uint8Array.from(bytes, (byte, i) => (i > 20 && i < 400 ? 255 : byte)),
      ]) {
        const opened = await openCore(write(`damaged.${name}`, damaged), { progress: () => {} });
        expect(opened).toMatchObject({
          ok: false,
          error: {
            code: "core-unreadable",
            detail: expect.stringMatching(`^its ${name} data is damaged or cut off \\(.+\\)$`) as unknown,
          },
        });
      }
    }
    expect(temporaries.left()).toEqual([]);
  });

  it("of a real core opens as the core itself", async ({ skip }) => {
    const [python] = findInterpreters();
    if (python === undefined) throw new Error("findInterpreters() found none");
    await using target = await startStillTarget(python.path);
    const plain = (await writeKernelCore(target)) ?? skip("the kernel cannot write a core here");
    const whole = readFileSync(plain);
    const expected = await openCore(plain, { progress: () => {} });
    if (!expected.ok) throw new Error(JSON.stringify(expected.error));
    using core = expected.value;
    const made: [string, Uint8Array][] = [["gz", gzipSync(whole, { level: 1 })]];
    if (hasCommand("zstd")) made.push(["zst", compress("zstd", whole)]);
    if (hasCommand("lz4")) made.push(["lz4", compress("lz4", whole)]);
    for (const [name, bytes] of made) {
      const opened = await openCore(write(`core.${name}`, bytes), { progress: () => {} });
      if (!opened.ok) throw new Error(JSON.stringify(opened.error));
      using same = opened.value;
      expect(same.image.bytes.length).toBe(core.image.bytes.length);
      for (const [i, window] of core.image.bytes.entries())
        expect(Buffer.compare(same.image.bytes[i]!, window)).toBe(0);
      expect([same.pid, same.mappings, same.image.copiedBytes]).toEqual([
        core.pid,
        core.mappings,
        core.image.copiedBytes,
      ]);
    }
  });

  it("is never held in memory as a whole", async () => {
    const path = write("large.gz", gzipSync(Buffer.alloc(400 << 20), { level: 1 }));
    const before = process.memoryUsage().rss;
    const opened = await decompressFile(path, "gzip", 1, () => {});
    if (!opened.ok) throw new Error(opened.error.detail);
    using file = opened.value;
    expect(file.size).toBe(400 << 20);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
  });

  it("whose disk fails is an error too", async () => {
    const input = createReadStream(join(folder, "absent"));
    await expect(collect(decompressZstd(input))).rejects.toThrow();
  });
});
