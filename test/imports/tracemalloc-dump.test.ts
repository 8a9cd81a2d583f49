// Pickles that tracemalloc wrote, on the oldest and newest interpreter there is; and pickles that want something else.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTracemallocDump } from "../../src/imports/tracemalloc-dump.ts";
import { describeInterpreter, findInterpreters } from "../support/interpreters.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const PROGRAM = `
import json, sys, tracemalloc
tracemalloc.start(int(sys.argv[2]))
kept = [bytes(1000) for _ in range(500)] + [{n: str(n)} for n in range(300)]
snapshot = tracemalloc.take_snapshot()
snapshot.dump(sys.argv[1])
print(json.dumps([[s.traceback[0].filename, s.traceback[0].lineno, s.size, s.count] for s in snapshot.statistics("lineno")]))
`;

const ALL = findInterpreters();
const PYTHONS = ALL.length > 1 ? [ALL[0]!, ALL.at(-1)!] : ALL;

const dumps = (python: string, frames: number): { readonly bytes: Buffer; readonly said: readonly unknown[] } => {
  using folder = temporaryFolder();
  const file = join(folder.path, "snapshot.pickle");
  const said = execFileSync(python, ["-c", PROGRAM, file, String(frames)], { encoding: "utf8" });
  return { bytes: readFileSync(file), said: JSON.parse(said) as unknown[] };
};

describe.each(PYTHONS.map((each) => [describeInterpreter(each), each.path] as const))("Python %s", (_, python) => {
  it.each([1, 7])("says with %d frames what the interpreter's own statistics say", (frames) => {
    const { bytes, said } = dumps(python, frames);
    const read = readTracemallocDump(bytes);
    if (!read.ok) throw new Error(read.error);
    const lines = read.value.lines.map(({ file, line, bytes: held, blocks }) => [file, line, held, blocks]);
    expect(new Set(lines.map(String))).toEqual(new Set((said as unknown[][]).map(String)));
    expect(read.value).toMatchObject({ tool: "tracemalloc", kept: "alive", isComplete: true });
  });

  it("says in one sentence that a file is cut or changed, wherever that is", () => {
    const { bytes } = dumps(python, 1);
    for (let length = 0; length < bytes.length; length += 997)
      expect(readTracemallocDump(bytes.subarray(0, length)).ok).toBe(false);
    for (let at = 0; at < 400; at++) {
      const spoiled = Buffer.from(bytes);
      spoiled[at]! ^= 0xff;
      const read = readTracemallocDump(spoiled);
      if (!read.ok) expect(read.error).toMatch(/^[a-z0-9].*[^.\n]$/);
    }
  });
});

const text = (...parts: readonly (string | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...Buffer.from(part, "latin1")])));
const word = (each: string): string => `\x8c${String.fromCharCode(each.length)}${each}`;

describe("a pickle that wants something else", () => {
  it.each<[string, Uint8Array, string]>([
    [
      "calls a function",
      text(0x80, 4, word("posix"), word("system"), 0x93, word("true"), 0x85, "R."),
      "it asks for posix.system",
    ],
    ["imports by the old instruction", text(0x80, 4, "cposix\nsystem\n."), "(0x63)"],
    ["calls by OBJ", text(0x80, 4, "(", word("tracemalloc"), word("Snapshot"), 0x93, "o."), "(0x6f)"],
    ["reduces a class that is allowed", text(0x80, 4, word("tracemalloc"), word("Snapshot"), 0x93, ")R."), "(0x52)"],
    [
      "makes an object with arguments",
      text(0x80, 4, word("tracemalloc"), word("Snapshot"), 0x93, "K\x01\x85\x81."),
      "makes an object in a way",
    ],
    ["reaches for a persistent value", text(0x80, 4, "K\x01Q."), "(0x51)"],
    ["asks for extensions", text(0x80, 4, "\x82\x01."), "(0x82)"],
    ["recalls what it never kept", text(0x80, 4, "h\x09."), "did not keep"],
    ["takes more than it makes", text(0x80, 4, "\x87."), "takes more values"],
    ["has a text without end", text(0x80, 4, "X\xff\xff\xff\x7f"), "no file name has so many"],
    ["is of protocol 2", text(0x80, 9, "N."), "protocol 4 or 5"],
    ["is no snapshot", text(0x80, 4, "K\x01."), "it holds no snapshot"],
  ])("%s", (_, bytes, expected) => {
    const read = readTracemallocDump(bytes);
    expect(read.ok ? "" : read.error).toContain(expected);
  });
});
