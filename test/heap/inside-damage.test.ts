// A heap stream that was cut off or changed is refused in a sentence, whatever is wrong with it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readInsideFile } from "../../src/app/snapshot-file/read-inside-file.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "dw-stream-"));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const SOURCES = join(import.meta.dirname, "..", "..", "python", "src");
const LONG_MS = 240_000;

function written(): Buffer {
  const file = join(FOLDER, "whole.heap");
  const program = `import deadweight; deadweight.snapshot(${JSON.stringify(file)})`;
  execFileSync("python3", ["-S", "-c", program], { env: { ...process.env, PYTHONPATH: SOURCES } });
  return readFileSync(file);
}

function codeOf(bytes: Uint8Array): string {
  const file = join(FOLDER, "changed.heap");
  writeFileSync(file, bytes);
  const read = readInsideFile(file, () => {});
  return read.ok ? "ok" : read.error.code;
}

test(
  "cut off anywhere, it is incomplete or no stream at all",
  () => {
    const whole = written();
    expect(codeOf(whole)).toBe("ok");
    const cuts = Array.from({ length: 8 }, (_, i) => Math.floor((whole.length * i) / 8));
    for (const length of [...cuts, 8, 15, 16, 40, whole.length - 1])
      expect(["truncated", "not-a-snapshot"]).toContain(codeOf(whole.subarray(0, length)));
    expect(codeOf(Buffer.concat([whole, whole.subarray(16, 4096)]))).not.toBe("ok");
  },
  LONG_MS,
);

test(
  "changed anywhere, it is read or refused, and nothing is thrown",
  () => {
    const whole = written();
    for (let i = 0; i < 15; i++) {
      const changed = Buffer.from(whole);
      const at = 16 + ((i * 7919) % Math.min(whole.length - 24, 200_000));
      changed.writeUInt32LE((i * 2654435761) % 2 ** 32, at);
      expect(["ok", "corrupt", "truncated", "not-readable"]).toContain(codeOf(changed));
    }
  },
  LONG_MS,
);

test("a newer version is not guessed at", () => {
  const start = Buffer.alloc(16);
  Buffer.from([0x89, 0x44, 0x57, 0x48, 0x45, 0x41, 0x50, 0x0a, 2]).copy(start);
  expect(codeOf(start)).toBe("newer-format");
});
