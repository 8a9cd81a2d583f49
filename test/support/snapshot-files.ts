// Snapshot files in a folder of their own, and an independent look at what is in them.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, inflateRawSync } from "node:zlib";
import { afterAll, expect } from "vitest";
import { readSnapshotFile } from "../../src/app/snapshot-file/read-snapshot-file.ts";
import { writeSnapshotFile } from "../../src/app/snapshot-file/write-snapshot-file.ts";
import type { NodeIx } from "../../src/base/brand.ts";
import { ATTRIBUTE_LABEL, type Snapshot } from "../../src/heap/snapshot.ts";
import type { SnapshotFileError } from "../../src/model/target-error.ts";
import { buildSnapshot } from "./snapshot-literal.ts";

/** Gone after the tests of the file that imports this. */
export const folder: string = mkdtempSync(join(tmpdir(), "dwsnap-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export const place = (name: string): string => join(folder, name);

export const SESSIONS: Snapshot = buildSnapshot({
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
    {
      node: 1 as NodeIx,
      qualname: "make_handler",
      file: "/srv/app.py",
      firstLine: 31,
      freeVariables: ["cached_rows"],
      parameters: ["rows"],
    },
  ],
  lruCaches: [{ node: 1 as NodeIx, hits: 1, misses: 2, maxsize: null, entries: 3 }],
});

export async function write(snapshot: Snapshot, name: string): Promise<Buffer> {
  const written = await writeSnapshotFile(snapshot, place(name));
  expect(written).toMatchObject({ ok: true });
  const bytes = readFileSync(place(name));
  if (written.ok) expect(written.value.fileBytes).toBe(bytes.length);
  return bytes;
}

export async function errorFor(bytes: Uint8Array, name = "spoiled.dwsnap"): Promise<SnapshotFileError> {
  writeFileSync(place(name), bytes);
  const result = await readSnapshotFile(place(name));
  if (result.ok) throw new Error("was read");
  return result.error;
}

export interface StoredBlock {
  readonly section: number;
  readonly at: number;
  readonly end: number;
  /** Before compression. */
  readonly raw: Buffer;
}

/** An independent look at a file: every block with its place, by the description in docs/formats/snapshot.md. */
export function blocksIn(bytes: Buffer): StoredBlock[] {
  const blocks: StoredBlock[] = [];
  for (let at = bytes.readUInt32LE(12); at < bytes.length; ) {
    const stored = bytes.subarray(at + 20, at + 20 + bytes.readUInt32LE(at + 12));
    expect(crc32(stored, crc32(bytes.subarray(at, at + 16)))).toBe(bytes.readUInt32LE(at + 16));
    const end = at + 20 + stored.length;
    blocks.push({ section: bytes[at]!, at, end, raw: bytes[at + 1] === 1 ? inflateRawSync(stored) : stored });
    at = end;
  }
  return blocks;
}

/** Columns as a large heap has them, made without an object per node. */
export function largeSnapshot(count: number): Snapshot {
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
