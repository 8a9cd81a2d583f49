// Files of megabytes: read, put away while others are scanned, and said of them what is said of small ones.

import { beforeAll, describe, expect, it } from "vitest";
import { NO_CACHE, openFactCache } from "../../../src/app/scan/fact-cache.ts";
import { scanProject } from "../../../src/app/scan/scan-project.ts";
import { shelveScan } from "../../../src/app/scan/shelve-scan.ts";
import { ALL_RULES } from "../../../src/rules/all-rules.ts";
import { LARGE_SOURCE_BYTES } from "../../../src/workers/large-source.ts";
import type { FileScan, ScanJob } from "../../../src/workers/scan-jobs.ts";
import { openScanTools, scanBytes, type ScanTools } from "../../../src/workers/scan-share.ts";
import { projectFolder } from "./project-folder.ts";

const JOB: ScanJob = {
  path: "made.py",
  absolute: "/made.py",
  language: "python",
  module: "made",
  isPackage: false,
  isTest: false,
  bytes: null,
  knownHash: null,
};

let tools: ScanTools;
beforeAll(async () => {
  tools = await openScanTools(ALL_RULES, [JOB]);
});

const scan = (source: string | Uint8Array): FileScan =>
  scanBytes(JOB, typeof source === "string" ? Buffer.from(source) : source, tools);
const functionNames = ({ facts }: FileScan): readonly string[] => facts?.functions.map(({ name }) => name) ?? [];
const messages = ({ problems }: FileScan): readonly string[] =>
  problems.map(({ line, message }) => `${line}: ${message}`);

const MEGABYTE = 1024 * 1024;
/** Mostly comment, as generated code with its documentation: quick to read, however long. */
const NOTE = `    # ${"what this is for ".repeat(240)}\n`;
const handler = (at: number): string => `def handle_${at}(user):\n${NOTE}    SEEN[user] = ${at}\n\n\n`;
const HEAD = "SEEN = {}\n\n\n";

/** Functions up to about so many bytes, in two halves with `between` in the middle. */
function handlers(bytes: number, between = ""): string {
  const count = Math.ceil(bytes / handler(0).length / 2);
  const half = (from: number): string => Array.from({ length: count }, (_, at) => handler(from + at)).join("");
  return HEAD + half(0) + between + half(count);
}

describe("a scan that is put away", () => {
  const SHAPES = {
    classes: `class Store:\n    def __init__(self, rows):\n        self.rows = rows\n        self.seen = {}\n\n    def add(self, row):\n        self.seen[row.id] = row\n`,
    tables: `TABLE = {"a": [1, 2.5, 1e999, -0.0], "\\ud800": b"\\xff", "ü": None}\nLOOKED_UP = {}\ndef look(key):\n    LOOKED_UP[key, 1e999] = TABLE[key]\n`,
    decorated: `import functools\n\n@functools.lru_cache(maxsize=None)\ndef load(key, *, at="\\udfff"):\n    return [key]  # dw: ignore[DW101]\n`,
    broken: `x = (\ndef f(a):\n    return a\n`,
  };
  const CACHED = { key: "k", stamp: { bytes: LARGE_SOURCE_BYTES, modifiedMs: 1 }, hash: "h" };

  it.each(Object.entries(SHAPES))("is the same when it is taken out again: %s", (_, source) => {
    const made = scan(source);
    const plain: unknown = JSON.parse(JSON.stringify(made));
    const cache = openFactCache(null, "1", 0);
    cache.put(CACHED.key, CACHED.stamp, CACHED.hash, () => JSON.stringify(made));
    expect(shelveScan(made, NO_CACHE, CACHED)()).toEqual(plain);
    expect(shelveScan(made, NO_CACHE, { ...CACHED, hash: null })()).toEqual(plain);
    expect(shelveScan(made, cache, CACHED)()).toEqual(plain);
    // Below the limit it is not put away at all. What JSON cannot say must not be in it, or the two would differ.
    const small = { ...CACHED, stamp: { bytes: LARGE_SOURCE_BYTES - 1, modifiedMs: 1 } };
    expect(shelveScan(made, NO_CACHE, small)()).toBe(made);
    expect(made).toEqual(plain);
  });
});

describe("a project with a large file", () => {
  const CACHE = "import functools\n\n\n@functools.lru_cache(maxsize=None)\ndef load(url):\n    return url\n";
  const USER = "from store import load\n\n\ndef see(url):\n    return load(url)\n";
  const findings = async (store: string, isCached: boolean): Promise<readonly unknown[]> => {
    using folder = projectFolder({
      "store.py": store,
      "user.py": USER,
      "other.py": `import store\n${"#".repeat(80)}\n`,
    });
    const answer = await scanProject({
      folder: folder.path,
      paths: ["."],
      stdin: null,
      config: null,
      select: null,
      ignore: null,
      confidence: "possible",
      baseline: null,
      baselineAction: "apply",
      fix: "none",
      isDiff: false,
      cache: isCached ? { folder: folder.path } : null,
      threads: 1,
      toolVersion: "1.2.3",
      progress: () => undefined,
    });
    return answer.ok ? answer.value.report.findings : [answer.error];
  };

  it.each([false, true])(
    "has the findings of the same project with a small one, kept in a cache: %s",
    async (isCached) => {
      const small = await findings(CACHE, isCached);
      expect(small.length).toBeGreaterThan(0);
      expect(await findings(CACHE + `# ${"x".repeat(998)}\n`.repeat(1100), isCached)).toEqual(small);
    },
  );
});

describe("a source of more than 5 MB", () => {
  const BYTES = 5.2 * MEGABYTE;

  it("has the facts of one that ends with its first functions, and more of the same", () => {
    const large = scan(handlers(BYTES));
    const small = scan(handlers(20_000));
    const count = small.facts!.functions.length / 2;
    const within = ({ facts }: FileScan): unknown => ({
      containers: facts!.containers,
      functions: facts!.functions.slice(0, count),
      sites: facts!.sites.slice(0, count),
      imports: facts!.imports,
    });
    expect(within(large)).toEqual(within(small));
    expect(messages(large)).toEqual([]);
    expect(large.facts!.functions.length).toBeGreaterThan(1_000);
  }, 30_000);

  it("with an error in the middle keeps what stands before and after it", () => {
    const source = handlers(BYTES, "broken = [1,\n\n\n");
    const { length } = functionNames(scan(handlers(BYTES)));
    const broken = scan(source);
    expect(functionNames(broken)).toHaveLength(length);
    expect(messages(broken)).toEqual([
      expect.stringMatching(new RegExp(`^${source.split("broken")[0]!.split("\n").length}: Syntax error: `)),
    ]);
  }, 30_000);
});

describe("a source of megabytes", () => {
  const BYTES = 1.2 * MEGABYTE;
  const source = handlers(BYTES);

  it("with the line ends and the mark of Windows has the same facts", () => {
    const windows = Buffer.from(`\ufeff${source.replaceAll("\n", "\r\n")}`);
    expect(scan(windows)).toEqual(scan(source));
  });

  it("that is not UTF-8 is read but for the bytes that do not fit, and that is said", () => {
    const bytes = Buffer.from(source.replace("what", "w\xe4hat"), "latin1");
    const read = scan(bytes);
    expect(functionNames(read)).toEqual(functionNames(scan(source)));
    expect(messages(read)).toEqual(["5: The file is not valid UTF-8; bytes that do not fit are replaced."]);
  });

  it("that says it is Latin-1 is read without a word", () => {
    const head = "# -*- coding: latin-1 -*-\n";
    const bytes = Buffer.from(head + source.replaceAll("what", "w\xe4hat"), "latin1");
    const read = scan(bytes);
    expect(functionNames(read)).toEqual(functionNames(scan(source)));
    expect(messages(read)).toEqual([]);
  });

  it("with a NUL is read as if it were a blank, and that is said", () => {
    const read = scan(source.replace("SEEN = {}", "SEEN =\0{}"));
    expect(read.facts).toEqual(scan(source).facts);
    expect(messages(read)).toEqual(["1: The file contains NUL bytes; Python refuses it."]);
  });
});
