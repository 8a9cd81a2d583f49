// Files on a real disk: what is written comes back, and nothing else is inside.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSnapshotFile } from "../../../src/app/snapshot-file/read-snapshot-file.ts";
import { writeSnapshotFile } from "../../../src/app/snapshot-file/write-snapshot-file.ts";
import { describeContents } from "../../../src/heap/file/describe-contents.ts";
import { SECTION_IDS } from "../../../src/heap/file/format.ts";
import { explainSnapshotFileError } from "../../../src/model/explain-snapshot-file-error.ts";
import type { ProgressStep } from "../../../src/model/progress.ts";
import { anySnapshot } from "../../support/any-snapshot.ts";
import { blocksIn, largeSnapshot, place, SESSIONS, write } from "../../support/snapshot-files.ts";
import { buildSnapshot } from "../../support/snapshot-literal.ts";

describe("round trip", () => {
  test("any sound snapshot", async () => {
    await fc.assert(
      fc.asyncProperty(anySnapshot(), async (snapshot) => {
        await write(snapshot, "any.dwsnap");
        expect(await readSnapshotFile(place("any.dwsnap"))).toEqual({ ok: true, value: snapshot });
      }),
      // What a file says is shown by more runs without a disk (test/heap/file/encode-decode.test.ts).
      { numRuns: 40 },
    );
  });

  test("columns over several blocks, more of them than are in flight", async () => {
    const snapshot = largeSnapshot(400_000);
    const bytes = await write(snapshot, "large.dwsnap");
    expect(blocksIn(bytes).length).toBeGreaterThan(15);
    const read = await readSnapshotFile(place("large.dwsnap"));
    if (!read.ok) throw new Error(explainSnapshotFileError(read.error));
    expect(Buffer.from(read.value.refs.edgeTarget.buffer).equals(Buffer.from(snapshot.refs.edgeTarget.buffer))).toBe(
      true,
    );
    expect(Buffer.from(read.value.edgeLabel.buffer).equals(Buffer.from(snapshot.edgeLabel.buffer))).toBe(true);
    expect(Buffer.from(read.value.nodes.addressLow.buffer).equals(Buffer.from(snapshot.nodes.addressLow.buffer))).toBe(
      true,
    );
    expect(Buffer.from(read.value.texts.utf8.buffer).equals(Buffer.from(snapshot.texts.utf8.buffer))).toBe(true);
  });

  test("the same snapshot gives the same bytes, the disk order of the threads notwithstanding", async () => {
    const snapshot = largeSnapshot(200_000);
    const first = await write(snapshot, "first.dwsnap");
    expect((await write(snapshot, "second.dwsnap")).equals(first)).toBe(true);
  });

  test("both directions say how far they are", async () => {
    const snapshot = largeSnapshot(100_000);
    const steps: ProgressStep[] = [];
    const progress = (step: ProgressStep): void => void steps.push(step);
    await writeSnapshotFile(snapshot, place("progress.dwsnap"), { progress });
    await readSnapshotFile(place("progress.dwsnap"), { progress });
    for (const phase of ["writing snapshot", "reading snapshot"]) {
      const done = steps.filter((step) => step.phase === phase).map((step) => step.done);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
      expect(done.at(-1)).toBe(steps.findLast((step) => step.phase === phase)?.total);
    }
  });
});

describe("what is inside", () => {
  test("without --values a file holds names and nothing else", async () => {
    const bytes = await write(SESSIONS, "names.dwsnap");
    const strings = blocksIn(bytes)
      .filter(({ section }) => section < SECTION_IDS.addressLow)
      .flatMap(({ raw }) =>
        raw
          .toString()
          .trim()
          .split("\n")
          .flatMap((line) => stringsIn(JSON.parse(line))),
      );
    const names = [
      "live",
      "python",
      "app.py",
      "3.11.7",
      "/usr/bin/python3.11",
      "?",
      "builtins",
      "dict",
      "User",
      "app.models",
      "email",
      "__dict__",
      "str",
      "fields",
      "mapping",
      "plain",
      "frames",
      "frame-local",
      "rows",
      "MainThread",
      "140",
      "handle",
      "/srv/app.py",
      "make_handler",
      "cached_rows",
    ];
    expect([...new Set(strings)].toSorted()).toEqual(names.toSorted());
    const texts = blocksIn(bytes).filter(({ section }) => section === SECTION_IDS.textBytes);
    expect(texts.map(({ raw }) => raw.toString())).toEqual(["REGISTRY"]);
    expect(describeContents(SESSIONS)).toMatchObject({ values: false, texts: 1, textsBeyondNames: 0 });
  });

  function stringsIn(value: unknown): string[] {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
  }

  test("describeContents counts what the file has, block for block", async () => {
    const bytes = await write(SESSIONS, "contents.dwsnap");
    const idOf = (section: keyof typeof SECTION_IDS): number => SECTION_IDS[section];
    expect(describeContents(SESSIONS).sections.map(({ section, bytes: size }) => [idOf(section), size])).toEqual(
      blocksIn(bytes).map(({ section, raw }) => [section, raw.length]),
    );
  });

  test("a text that is no name does not hide", () => {
    const snapshot = buildSnapshot({
      nodes: [
        {},
        { text: "hunter2!" },
        { text: "app.sessions" },
        { text: "17" },
        { text: "/srv/app.py" },
        { text: "straße" },
        { text: "" },
      ],
    });
    expect(describeContents(snapshot)).toMatchObject({ texts: 6, textsBeyondNames: 2 });
  });
});
