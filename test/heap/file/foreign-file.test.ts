import { expect, test } from "vitest";
import { describeForeignFile } from "../../../src/heap/file/foreign-file.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const elf = (type: number): Uint8Array =>
  Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, type, 0, 62, 0);

test.each([
  [new Uint8Array(0), "an empty file"],
  [elf(4), "an ELF core file"],
  [elf(3), "an ELF program or library"],
  [Uint8Array.of(0x1f, 0x8b, 8, 0), "a gzip archive"],
  [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), "a zstd archive"],
  [text('{"snapshot":{"meta":{}}}'), "a V8 heap snapshot (JSON)"],
  [text(' [{"a": 1}]'), "a JSON file"],
  [text("import os\nprint(os.environ['TOKEN'])"), 'a text file that begins with "import os\\nprint(os.envir"'],
  [Uint8Array.of(0, 1, 2, 255), "binary data that begins with 00 01 02 ff"],
])("%#: %s", (bytes, expected) => {
  expect(describeForeignFile(bytes)).toBe(expected);
});
