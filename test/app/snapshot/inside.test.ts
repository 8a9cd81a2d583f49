// A process that writes its heap down itself says the same as one that is read from outside.

import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { queryTop, queryWhy } from "../../../src/app/heap-queries.ts";
import { readProcess } from "../../../src/app/read-target.ts";
import { readInsideFile } from "../../../src/app/snapshot-file/read-inside-file.ts";
import { readSnapshotFile } from "../../../src/app/snapshot-file/read-snapshot-file.ts";
import { writeSnapshotFile } from "../../../src/app/snapshot-file/write-snapshot-file.ts";
import type { Snapshot } from "../../../src/heap/snapshot.ts";
import type { TopReport } from "../../../src/model/heap-reports.ts";
import { describeInterpreter, readableInterpreters } from "../../support/interpreters.ts";
import { type HoldingProgram, startHolding } from "./holding-program.ts";
import { expectSameHolders } from "./same-holders.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "dw-inside-"));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const OPTIONS = { maxPauseMs: 5000, values: false, progress: (): void => {} };

/** Objects of the program alone: the writer makes none of them. */
const OWN_TYPES = ["User", "Point", "Ordered", "Named", "Hidden", "collections.deque", "collections.defaultdict"];
const SELECTORS = [
  "__main__.USERS",
  "__main__.POINTS",
  "__main__.LATEST",
  "__main__.ORDERED",
  "__main__.GROUPS",
  "__main__.MEMBERS",
  "__main__.NAMED",
  "__main__.HIDDEN",
  "__main__.WAITING",
  "__main__.HANDLER",
  "__main__.PARTIAL",
  "__main__.User.registry",
];
/**
 * `sys.getsizeof` leaves out the arrays of attributes since 3.11. Their room is estimated as for a class with many
 * instances; the first thirty of a class have more, together less than five thousand bytes.
 */
const TOLERANCE = 0.01;
const ROOM_BYTES = 5000;

async function writtenBy(program: HoldingProgram, way: "fork" | "process"): Promise<Snapshot> {
  const file = join(FOLDER, `${program.pid}-${way}.heap`);
  expect(await program.tell(`${file} ${way}`)).toBe("written");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const read = readInsideFile(file, () => {});
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

async function readFromOutside(pid: number): Promise<Snapshot> {
  const read = await readProcess(pid, OPTIONS);
  if (!read.ok) throw new Error(read.error.code);
  return read.value;
}

function countOf(top: TopReport, type: string): number {
  return top.byType.find(({ name }) => name === type || name === `__main__.${type}`)?.count ?? 0;
}

function whyOf(snapshot: Snapshot, selector: string): { readonly path: string; readonly retained: number } {
  const why = queryWhy(snapshot, selector, { paths: 3, subjects: 3 });
  if (!why.ok) throw new Error(why.error.sentence);
  const [subject] = why.value.subjects;
  return { path: JSON.stringify(subject?.paths.map(({ path }) => path)), retained: subject?.retainedBytes ?? 0 };
}

/** The child that writes gives way to whatever else runs on the machine. */
const LONG_MS = 240_000;

const PYTHONS = readableInterpreters();

describe.each(PYTHONS.map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  // Without a fork it is the same writer: shown at both ends.
  test.each(python === PYTHONS[0] || python === PYTHONS.at(-1) ? (["fork", "process"] as const) : (["fork"] as const))(
    "agrees with the view from outside (%s)",
    async (way) => {
      await using program = await startHolding(python);
      // The first time modules are imported; they would be missing from the first snapshot.
      await writtenBy(program, way);
      const inside = await writtenBy(program, way);
      const outside = await readFromOutside(program.pid);
      const [insideTop, outsideTop] = [inside, outside].map((each) => queryTop(each, { limit: 1000 })) as [
        TopReport,
        TopReport,
      ];

      expect(inside.meta).toMatchObject({ source: "inside", pid: program.pid, python: outside.meta.python });
      expect(inside.meta.processStartTicks).toBe(outside.meta.processStartTicks);
      expectSameHolders(inside, outside);
      for (const type of OWN_TYPES) expect([type, countOf(insideTop, type)]).toEqual([type, countOf(outsideTop, type)]);
      for (const selector of SELECTORS) {
        const [seen, expected] = [whyOf(inside, selector), whyOf(outside, selector)];
        expect(seen.path).toBe(expected.path);
        expect(Math.abs(seen.retained - expected.retained), selector).toBeLessThan(
          expected.retained * TOLERANCE + ROOM_BYTES,
        );
      }
      expect(inside.meta.exactness).toBeGreaterThan(0.95);
      // What the writer met and did not write. Up to 3.10 frames are objects, and its own come and go.
      expect(inside.meta.unreadableReferences).toBeLessThan(20);
      expect(await program.tell("calls")).toBe("calls 0");
      expect(await program.tell("heard")).toBe(way === "fork" ? "heard SIGCHLD,SIGCHLD" : "heard ");
    },
    LONG_MS,
  );
});

test(
  "what was written becomes a snapshot file that says the same",
  async () => {
    const [python] = PYTHONS;
    if (python === undefined) throw new Error("no interpreter");
    await using program = await startHolding(python);
    const inside = await writtenBy(program, "fork");
    const file = join(FOLDER, "kept.dwsnap");
    expect(await writeSnapshotFile(inside, file)).toMatchObject({ ok: true });
    const read = await readSnapshotFile(file);
    if (!read.ok) throw new Error(read.error.code);
    expect(queryTop(read.value)).toEqual(queryTop(inside));
    expect(existsSync(`${file}.partial`)).toBe(false);
  },
  LONG_MS,
);
