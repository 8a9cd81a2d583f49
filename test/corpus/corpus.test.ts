// Real captured snapshots, one for each Python version (tools/corpus/make.ts made them): every law of a reader must hold
// over each, without the process, the interpreter or the machine that they came from.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { queryDiff, queryTop, queryWhy } from "../../src/app/heap-queries.ts";
import { openHeap } from "../../src/app/open-heap.ts";
import { readSnapshotFile } from "../../src/app/snapshot-file/read-snapshot-file.ts";
import { writeSnapshotFile } from "../../src/app/snapshot-file/write-snapshot-file.ts";
import { snapshotFault } from "../../src/heap/file/snapshot-fault.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import type { WhyReport } from "../../src/model/heap-reports.ts";

const PYTHONS = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13"];
const SIZE_LIMIT_BYTES = 150 * 1024;
const REGISTRY = "sys.modules['__main__'].REGISTRY";

const files = PYTHONS.flatMap((python) =>
  readdirSync(join(import.meta.dirname, python)).map((name) => ({
    python,
    file: join(import.meta.dirname, python, name),
  })),
);
const scratch = mkdtempSync(join(tmpdir(), "deadweight-corpus-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it("has a snapshot of every version, each a small file", () => {
  expect(new Set(files.map(({ python }) => python))).toEqual(new Set(PYTHONS));
  expect(files.filter(({ file }) => statSync(file).size > SIZE_LIMIT_BYTES)).toEqual([]);
});

describe.each(files)("registry.py on $python", ({ python, file }) => {
  let snapshot: Snapshot;
  beforeAll(async () => {
    const opened = await openHeap(file, { maxPauseMs: 1, values: false, progress: () => {} });
    if (!opened.ok) throw new Error(opened.error.code);
    snapshot = opened.value.snapshot;
  });
  const why = (selector: string): WhyReport => {
    const answer = queryWhy(snapshot, selector);
    if (!answer.ok) throw new Error(answer.error.sentence);
    return answer.value;
  };

  it("is sound and says where it comes from", () => {
    expect(snapshotFault(snapshot)).toBeNull();
    expect(snapshot.meta.python).toMatch(new RegExp(`^${python.replace(".", "\\.")}\\.\\d+$`));
    expect(snapshot.meta).toMatchObject({
      source: "live",
      values: false,
      threads: 2,
      unreadableReferences: 0,
      warnings: [],
    });
    expect(snapshot.meta.command.at(-1)).toBe("registry.py");
    expect(snapshot.threads.flatMap(({ frames }) => frames.map((frame) => frame.function)).toSorted()).toEqual([
      "<module>",
      "wait",
    ]);
  });

  it("names the holder of the most memory", () => {
    const { byHolder, byType } = queryTop(snapshot);
    // Since 3.12 the interpreter keeps what static types hold, some 200 KiB: more than all of this small program.
    const [first] = byHolder.filter(({ holder }) => !holder.path.startsWith("<interpreter state>"));
    expect(first).toMatchObject({
      holder: { path: REGISTRY },
      entries: 200,
      mostly: { type: "__main__.Session", count: 200 },
    });
    expect(byType).toContainEqual(expect.objectContaining({ name: "__main__.Token", count: 220 }));
  });

  it("shows the garbage that was never collected", () => {
    const { garbage, collector } = queryTop(snapshot);
    expect(garbage.groups).toHaveLength(1);
    expect(garbage.groups[0]).toMatchObject({ cycles: 20, count: garbage.count });
    expect(garbage.groups[0]?.types).toContain("__main__.Session");
    expect(collector).toMatchObject({ enabled: false, collecting: false });
  });

  it("says why objects live", () => {
    expect(why("Session").groups.map(({ pattern, count }) => [pattern, count])).toEqual([
      [`${REGISTRY}[*]`, 200],
      ["<garbage cycle>", 20],
    ]);
    for (const place of [
      `${REGISTRY}['s7'].token`,
      "sys.modules['__main__'].Session.opened",
      "<closure make_handler at registry.py:35>.rows",
      "<generator stream at registry.py:41> local batch",
    ]) {
      expect(why(place).subjects[0]?.paths[0]?.path).toBe(place);
    }
  });

  it("does not differ from itself", () => {
    const { report, isFinding } = queryDiff([
      { file: "a", snapshot },
      { file: "b", snapshot },
    ]);
    expect(report.holders.filter(({ countGrowth, heldGrowthBytes }) => countGrowth + heldGrowthBytes !== 0)).toEqual(
      [],
    );
    expect(isFinding).toBe(false);
  });

  it("is written again as the same bytes", async () => {
    const copy = join(scratch, `${python}.dwsnap`);
    expect(await writeSnapshotFile(snapshot, copy)).toMatchObject({ ok: true });
    expect(readFileSync(copy).equals(readFileSync(file))).toBe(true);
  });

  it("is recognised when cut short, wherever", async () => {
    const bytes = readFileSync(file);
    const cut = join(scratch, `${python}-cut.dwsnap`);
    const lengths = [0, 1, 15, 16, 100, bytes.length >>> 2, bytes.length >>> 1, bytes.length - 20, bytes.length - 1];
    for (const length of lengths) {
      writeFileSync(cut, bytes.subarray(0, length));
      const { ok, ...rest } = await readSnapshotFile(cut);
      expect(ok, `${length} bytes`).toBe(false);
      expect(rest, `${length} bytes`).toMatchObject({ error: { file: cut, code: codeFor(length, bytes.length) } });
    }
  });
});

/** So little is left of a file that its header cannot be true, or it is plainly cut. */
function codeFor(length: number, whole: number): unknown {
  if (length === 0) return "not-a-snapshot";
  return length < whole / 8 ? expect.stringMatching(/^(?:truncated|corrupt)$/) : "truncated";
}
