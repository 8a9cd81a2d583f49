// What is copied and where to: laws over random address spaces, and the cases that cost real time once.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Addr } from "../../src/base/brand.ts";
import { cutRegions, isCopied, isReadWhole, planCopy } from "../../src/capture/copy-plan.ts";
import { parseMappings, type ProcessMapping } from "../../src/capture/proc-maps.ts";
import { pageBytesIn } from "../../src/capture/kernel-page-bytes.ts";
import { type PageRun, presentRuns } from "../../src/capture/proc-pagemap.ts";

const PAGE = 4096;
const CUT_PAGES = 1024;

function mapping(start: number, pages: number, more: Partial<ProcessMapping> = {}): ProcessMapping {
  const end = (start + pages * PAGE) as Addr;
  return {
    start: start as Addr,
    end,
    readable: true,
    writable: true,
    executable: false,
    private: true,
    fileOffset: 0,
    inode: 0,
    path: "",
    ...more,
  };
}

const anyPresence = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 50 })), {
  maxLength: 8,
});

/** Runs with gaps in front of each, and the mapping that holds them all. */
function layOut(
  presence: readonly (readonly [number, number])[],
  tail: number,
): { readonly whole: ProcessMapping; readonly runs: PageRun[] } {
  const start = 0x7f00_0000_0000;
  const runs: PageRun[] = [];
  let page = 0;
  for (const [gap, pageCount] of presence) {
    page += gap;
    runs.push({ address: (start + page * PAGE) as Addr, pageCount });
    page += pageCount;
  }
  return { whole: mapping(start, page + tail), runs };
}

describe("the plan", () => {
  test("gives every existing page its place, keeps short gaps and cuts long ones", () => {
    fc.assert(
      fc.property(anyPresence, fc.integer({ min: 1, max: 3000 }), (presence, tail) => {
        const { whole, runs } = layOut(presence, tail);
        const regions = cutRegions(whole, runs);
        for (const run of runs) {
          const home = regions.find(
            (region) =>
              region.address <= run.address &&
              run.address + run.pageCount * PAGE <= region.address + region.pageCount * PAGE,
          );
          expect(home).toBeDefined();
        }
        for (let i = 1; i < regions.length; i++) {
          const before = regions[i - 1];
          const here = regions[i];
          if (before !== undefined && here !== undefined)
            expect(here.address - (before.address + before.pageCount * PAGE)).toBeGreaterThan(CUT_PAGES * PAGE);
        }
        const bytes = runs.reduce((sum, run) => sum + run.pageCount * PAGE, 0);
        expect(planCopy([whole], [runs]).bytes).toBe(bytes);
      }),
    );
  });

  test("keeps a small mapping at full length even when nothing in it exists", () => {
    expect(cutRegions(mapping(0x1000, 16), [])).toEqual([{ address: 0x1000, pageCount: 16 }]);
    expect(cutRegions(mapping(0x1000, 5000), [])).toEqual([]);
  });

  test("reads the data of libraries whole, because untouched pages have the file's contents", () => {
    const data = mapping(0x10000, 3, { inode: 9, path: "/lib/x.so" });
    expect(isReadWhole(data)).toBe(true);
    expect(planCopy([data], [[]]).jobs).toEqual([{ address: 0x10000, offset: PAGE, length: 3 * PAGE }]);
    expect(isReadWhole(mapping(0x10000, 20_000, { inode: 9, path: "/data" }))).toBe(false);
  });

  test("leaves out what Python objects cannot live in", () => {
    expect(isCopied(mapping(0, 1))).toBe(true);
    expect(isCopied(mapping(0, 1, { private: false }))).toBe(false);
    expect(isCopied(mapping(0, 1, { writable: false }))).toBe(false);
    expect(isCopied(mapping(0, 1, { path: "[vvar]" }))).toBe(false);
  });
});

describe("what the kernel writes", () => {
  test("mappings, with spaces and a low address space", () => {
    const text = [
      "00400000-0041f000 r--p 00000000 fe:00 2229  /usr/bin/python3.11",
      "7fff0000-7fff2000 rw-s 00001000 00:05 77    /tmp/my file (deleted)",
      "7ffd5000-7ffd6000 rwxp 00000000 00:00 0 ",
      "nonsense",
    ].join("\n");
    expect(
      parseMappings(text).map(({ start, path, inode, private: own, writable, executable }) => [
        start,
        path,
        inode,
        own,
        writable,
        executable,
      ]),
    ).toEqual([
      [0x400000, "/usr/bin/python3.11", 2229, true, false, false],
      [0x7fff0000, "/tmp/my file (deleted)", 77, false, true, false],
      [0x7ffd5000, "", 0, true, true, true],
    ]);
  });

  test("pages: present or in swap, anything else was never touched or is a guard", () => {
    const words = new Uint8Array(8 * 7);
    for (const [page, flags] of [0, 0x80, 0x40, 0xc0, 0x3f, 0x80, 0x44].entries()) words[page * 8 + 7] = flags;
    expect(presentRuns(words, words.length, 0x5000 as Addr)).toEqual([
      { address: 0x6000, pageCount: 3 },
      { address: 0xa000, pageCount: 1 },
    ]);
    expect(presentRuns(words, words.length, 0x50000 as Addr, 65_536)).toEqual([
      { address: 0x60000, pageCount: 48 },
      { address: 0xa0000, pageCount: 16 },
    ]);
  });

  test("the size of a page is the kernel's", () => {
    const auxv = Buffer.alloc(48);
    auxv.writeBigUInt64LE(33n, 0);
    auxv.writeBigUInt64LE(6n, 16);
    auxv.writeBigUInt64LE(65_536n, 24);
    expect(pageBytesIn(auxv)).toBe(65_536);
    expect(pageBytesIn(Buffer.alloc(0))).toBe(4096);
  });
});
