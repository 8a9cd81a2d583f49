// Answers that are kept beside snapshots: the same content has them, another content or question has not.

import { appendFileSync, copyFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openKeptAnswers } from "../../src/app/kept-answers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const QUESTION = ["retention", { leastShare: 0.0005 }];

describe("a kept answer", () => {
  it("is there for the same content under any name, and for nothing else", async () => {
    using folder = temporaryFolder();
    const [file, copy] = [join(folder.path, "a.dwsnap"), join(folder.path, "b.dwsnap")];
    writeFileSync(file, "the content of a snapshot");
    copyFileSync(file, copy);
    const answers = openKeptAnswers({ folder: join(folder.path, "answers"), toolVersion: "1" });
    expect(await answers.read(file, QUESTION)).toBeNull();
    await answers.keep(file, QUESTION, { root: [1, 2] });
    expect(await answers.read(file, QUESTION)).toEqual({ root: [1, 2] });
    expect(await answers.read(copy, QUESTION)).toEqual({ root: [1, 2] });
    expect(await answers.read(file, ["retention", { leastShare: 0.1 }])).toBeNull();
    const later = openKeptAnswers({ folder: join(folder.path, "answers"), toolVersion: "2" });
    expect(await later.read(file, QUESTION)).toBeNull();
    appendFileSync(file, "more");
    expect(await answers.read(file, QUESTION)).toBeNull();
  });

  it("is for nobody else's eyes, and nothing else is left behind", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "a.dwsnap");
    writeFileSync(file, "content");
    const place = join(folder.path, "answers");
    await openKeptAnswers({ folder: place, toolVersion: "1" }).keep(file, QUESTION, {});
    const names = readdirSync(place);
    expect(names).toHaveLength(1);
    expect([statSync(place).mode & 0o777, statSync(join(place, names[0] ?? "")).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it("is no answer when it is damaged or the snapshot is gone", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "a.dwsnap");
    writeFileSync(file, "content");
    const place = join(folder.path, "answers");
    const answers = openKeptAnswers({ folder: place, toolVersion: "1" });
    await answers.keep(file, QUESTION, { root: 1 });
    writeFileSync(join(place, readdirSync(place)[0] ?? ""), "{ cut");
    expect(await answers.read(file, QUESTION)).toBeNull();
    expect(await answers.read(join(folder.path, "none.dwsnap"), QUESTION)).toBeNull();
    await answers.keep(join(folder.path, "none.dwsnap"), QUESTION, {});
  });

  it("goes when there are too many", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "a.dwsnap");
    writeFileSync(file, "content");
    const place = join(folder.path, "answers");
    const answers = openKeptAnswers({ folder: place, toolVersion: "1" });
    for (let number = 0; number < 205; number++) await answers.keep(file, number, number);
    expect(readdirSync(place)).toHaveLength(200);
    expect(await answers.read(file, 204)).toBe(204);
  });
});
