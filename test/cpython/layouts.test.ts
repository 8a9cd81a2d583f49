// The committed tables are what the headers of the interpreters here say, and what a second, independent program
// (the prototype's offsets.c, quoted in research/heap-prototype.md section 4) found.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import type { Layout } from "../../src/cpython/layout.ts";
import {
  freeThreadedVersions,
  layoutForVersion,
  supportedVersions,
  untestedTable,
} from "../../src/cpython/layout-for-version.ts";
import { emitLayout } from "../../tools/layouts/emit-layout.ts";
import {
  generateLayout,
  generateUnproved,
  hasCompiler,
  sameLayout,
  UNPROVED_FREE_THREADED,
} from "../../tools/layouts/generate.ts";
import { describeInterpreter, outsideInterpreters } from "../support/interpreters.ts";

const interpreters = outsideInterpreters();
const canCompile = hasCompiler();
const hasHeaders = interpreters.some(({ include }) => include !== null);

describe("generated tables", () => {
  for (const python of interpreters) {
    const { include } = python;
    it.skipIf(include === null || !canCompile)(
      `of ${describeInterpreter(python)} are up to date and hold in the interpreter`,
      () => {
        const made = generateLayout(python, include ?? "");
        expect(sameLayout(readFileSync(made.file, "utf8"), made.source)).toBe(true);
        expect(made.comparisons).toBeGreaterThan(400);
      },
    );
  }

  for (const python of interpreters.filter(
    ({ build, minor }) => build === "plain" && UNPROVED_FREE_THREADED.includes(minor),
  )) {
    it.skipIf(python.include === null || !canCompile)(
      `without a GIL, from the headers of ${describeInterpreter(python)}, are up to date`,
      () => {
        const made = generateUnproved(python, python.include ?? "");
        expect(sameLayout(readFileSync(made.file, "utf8"), made.source)).toBe(true);
        expect(made.source).toContain("proved in none");
      },
    );
  }

  // `.ci/run` installs gcc, so there it runs; `npm test` needs no more than Node and python3.
  it("were compared with at least one interpreter", ({ skip }) => {
    skip(!canCompile, "gcc is not installed: no table was compared with its headers");
    skip(!hasHeaders, "no interpreter here has its headers installed: no table was compared with them");
  });

  it("differ when a number differs, not when the patch version does", () => {
    const a = emitLayout({ versionHex: 0x030b07f0, freeThreaded: false, layout: tableOf("3.11") }, "3.11.7");
    const b = a.replaceAll("3.11.7", "3.11.2");
    const c = emitLayout(
      { versionHex: 0x030b07f0, freeThreaded: false, layout: { ...tableOf("3.11"), tupleItems: 32 } },
      "3.11.7",
    );
    expect(sameLayout(a, b)).toBe(true);
    expect(sameLayout(a, c)).toBe(false);
  });
});

describe("layoutForVersion", () => {
  it("has tables of their own for builds without a GIL", () => {
    expect([
      layoutForVersion(0x030d05f0, true)?.objectHead.size,
      layoutForVersion(0x030d05f0)?.objectHead.size,
    ]).toEqual([32, 16]);
    expect(freeThreadedVersions).toEqual(["3.13", "3.14", "3.15"]);
    expect(layoutForVersion(0x030c00f0, true)).toBeNull();
  });

  it("says of which tables no interpreter was there", () => {
    const said = [0x030e04f0, 0x030e05f0].map((hex) => untestedTable(layoutForVersion(hex)!));
    expect(said).toEqual([expect.stringContaining("not tested as released"), null]);
    const free = [0x030e05f0, 0x030f00f0].map((hex) => untestedTable(layoutForVersion(hex, true)!));
    expect(free).toEqual([null, expect.stringContaining("were not tested")]);
  });

  it("knows every patch version of a minor version from its first final release on", () => {
    expect(layoutForVersion(0x030800f0)?.version).toBe("3.8");
    expect(layoutForVersion(0x030b02f0)?.version).toBe("3.11");
    expect(layoutForVersion(0x030d63f0)?.version).toBe("3.13");
  });

  it("has a table of its own for the releases of 3.14 that collect in increments", () => {
    const [first, last, next] = [0x030e00f0, 0x030e04f0, 0x030e05f0].map((hex) => layoutForVersion(hex));
    expect([first?.version, next?.version]).toEqual(["3.14", "3.14"]);
    expect(first).toBe(last);
    expect(next).not.toBe(last);
    // Three numbers that the collector of generations keeps are not there.
    expect((next?.interpreter.sysdict ?? 0) - (last?.interpreter.sysdict ?? 0)).toBe(24);
  });

  it("refuses what it has no table for", () => {
    expect(layoutForVersion(0x030710f0)).toBeNull();
    expect(layoutForVersion(0x031000f0)).toBeNull();
    expect(layoutForVersion(0x030f00c1)).toBeNull();
    expect(layoutForVersion(0x030d00c2)).toBeNull();
    expect(layoutForVersion(0)).toBeNull();
  });

  it("lists the versions, oldest first", () => {
    expect(supportedVersions).toEqual(["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"]);
  });
});

type Row = readonly [name: string, read: (layout: Layout) => number | null, ...perVersion: readonly (number | null)[]];

const PROTOTYPE: readonly Row[] = [
  ["runtime.size", (l) => l.runtime.size, 1464, 656, 672, 166688, 459944, 283320],
  ["runtime.interpreters.head", (l) => l.runtime.interpretersHead, 32, 32, 32, 40, 40, 632],
  ["runtime.gc", (l) => l.runtime.gc, 344, null, null, null, null, null],
  ["interp.size", (l) => l.interpreter.size, 2720, 5656, 113528, 107752, 383552, 194968],
  ["interp.next", (l) => l.interpreter.next, 0, 0, 0, 0, 0, 7264],
  ["interp.threads_head", (l) => l.interpreter.threadsHead, 8, 8, 8, 16, 72, 7344],
  ["interp.modules", (l) => l.interpreter.modules, 56, 856, 856, 888, 944, 7656],
  ["interp.gc", (l) => l.interpreter.gc, null, 616, 616, 648, 112, 7400],
  ["gc.collecting", (l) => l.collector.collecting, 200, 200, 200, 200, 200, 200],
  ["ts.thread_id", (l) => l.thread.threadId, 176, 176, 176, 152, 136, 152],
  ["ts.cframe", (l) => l.thread.cframe, null, null, null, 56, 56, null],
  ["ts.current_frame", (l) => l.thread.currentFrame, null, null, null, null, null, 72],
  ["frame.f_localsplus", (l) => l.frameObject.localsplus, 360, 360, 352, null, null, null],
  ["frame._f_frame_data", (l) => l.frameObject.embeddedFrame, null, null, null, 48, 48, 64],
  ["iframe.owner", (l) => l.interpreterFrame?.owner ?? null, null, null, null, 69, 70, 70],
  ["code.co_code_adaptive", (l) => l.code.ownedEnd, 176, 176, 176, 184, 192, 200],
  ["gen.frame_state", (l) => l.generator.frameState, null, null, null, 75, 67, 67],
  ["type.tp_flags", (l) => l.type.flags, 168, 168, 168, 168, 168, 168],
  ["ht.cached_keys", (l) => l.heapType.cachedKeys, 872, 864, 872, 872, 880, 880],
  ["ht.size", (l) => l.heapType.size, 880, 880, 888, 904, 920, 928],
  ["dk.nentries", (l) => l.dictKeys.entryCount, 32, 32, 32, 24, 24, 24],
  ["dk.indices", (l) => l.dictKeys.indices, 40, 40, 40, 32, 32, 32],
  ["dv.values", (l) => l.managedDict.values, null, null, null, 0, 0, 8],
  ["func.qualname", (l) => l.function.qualname, 104, 104, 40, 40, 40, 40],
  ["weakref.size", (l) => l.weakref.size, 56, 56, 56, 64, 64, 64],
  ["uni.full", (l) => l.unicode.fullSize, 80, 80, 80, 80, 64, 64],
  ["long.digit", (l) => l.long.digits, 24, 24, 24, 24, 24, 24],
  ["lru.misses", (l) => l.private.lruCache.misses, 104, 104, 104, 104, 104, 104],
];

describe("the tables agree with the prototype's own program", () => {
  for (const [name, read, ...perVersion] of PROTOTYPE) {
    it(name, () => {
      const known = supportedVersions.slice(0, perVersion.length);
      expect(known.map((version) => read(tableOf(version)))).toEqual(perVersion);
    });
  }
});

function tableOf(version: string): Layout {
  const layout = layoutForVersion(0x030000f0 + (Number(version.slice(2)) << 16));
  if (layout === null) throw new Error(`no table for ${version}`);
  return layout;
}
