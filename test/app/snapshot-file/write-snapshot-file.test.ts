// A snapshot file appears whole or not at all.

import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { type CreateFile, createFile } from "../../../src/app/snapshot-file/atomic-file.ts";
import { readSnapshotFile } from "../../../src/app/snapshot-file/read-snapshot-file.ts";
import { writeSnapshotFile } from "../../../src/app/snapshot-file/write-snapshot-file.ts";
import { folder, largeSnapshot, place, SESSIONS } from "../../support/snapshot-files.ts";
import { buildSnapshot } from "../../support/snapshot-literal.ts";

describe("writing is all or nothing", () => {
  const namesIn = (path: string): string[] => readdirSync(path).toSorted();
  const freshFolder = (): string => mkdtempSync(join(folder, "write-"));

  test("the file is its owner's alone, and nothing else stays", async () => {
    const into = freshFolder();
    await writeSnapshotFile(SESSIONS, join(into, "a.dwsnap"));
    expect(namesIn(into)).toEqual(["a.dwsnap"]);
    expect(statSync(join(into, "a.dwsnap")).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["ENOSPC", "the disk is full"],
    ["EDQUOT", "the disk quota is used up"],
    ["EIO", "the disk reports an error"],
  ])("%s in the middle leaves the old file and no other", async (code, detail) => {
    const into = freshFolder();
    const path = join(into, "a.dwsnap");
    writeFileSync(path, "old");
    expect(await writeSnapshotFile(SESSIONS, path, { create: failingAfter(3, code) })).toEqual({
      ok: false,
      error: { code: "not-writable", file: path, detail },
    });
    expect(namesIn(into)).toEqual(["a.dwsnap"]);
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  test.each([1, 2, 10, 20])("a failure at write %d", async (count) => {
    const into = freshFolder();
    expect(
      await writeSnapshotFile(largeSnapshot(20_000), join(into, "a.dwsnap"), { create: failingAfter(count, "ENOSPC") }),
    ).toMatchObject({ ok: false });
    expect(namesIn(into)).toEqual([]);
  });

  /** A disk that fails at the n-th write. */
  function failingAfter(count: number, code: string): CreateFile {
    return async (path) => {
      const file = await createFile(path);
      let writes = 0;
      return {
        ...file,
        write: (bytes) =>
          ++writes >= count ? Promise.reject(Object.assign(new Error(code), { code, errno: -28 })) : file.write(bytes),
      };
    };
  }

  test("a folder in which the kernel lets nobody create files", async () => {
    const outcome = await writeSnapshotFile(SESSIONS, "/proc/self/a.dwsnap");
    expect(outcome).toMatchObject({ ok: false, error: { code: "not-writable" } });
  });

  test("places where no file can be", async () => {
    const into = freshFolder();
    mkdirSync(join(into, "folder"));
    writeFileSync(join(into, "file"), "");
    const reasonFor = async (path: string): Promise<unknown> => {
      const outcome = await writeSnapshotFile(SESSIONS, path);
      return outcome.ok ? null : outcome.error.code === "not-writable" && outcome.error.detail;
    };
    expect(await reasonFor(join(into, "folder"))).toBe("it is a folder");
    expect(await reasonFor("/dev/null")).toBe("it is not an ordinary file");
    expect(await reasonFor(join(into, "missing", "a.dwsnap"))).toBe("its folder does not exist");
    expect(await reasonFor(join(into, "file", "a.dwsnap"))).toBe("its folder is a file");
    expect(await reasonFor(join(into, "x".repeat(300)))).toBe("the name is too long");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  test.skipIf(process.getuid?.() === 0)("a folder that may not be written to", async () => {
    const into = freshFolder();
    chmodSync(into, 0o500);
    expect(await writeSnapshotFile(SESSIONS, join(into, "a.dwsnap"))).toMatchObject({
      error: { detail: "there is no permission to write there" },
    });
  });

  test("a link stays a link; what it points to is replaced", async () => {
    const into = freshFolder();
    writeFileSync(join(into, "real.dwsnap"), "old");
    symlinkSync("real.dwsnap", join(into, "link.dwsnap"));
    await writeSnapshotFile(SESSIONS, join(into, "link.dwsnap"));
    expect(namesIn(into)).toEqual(["link.dwsnap", "real.dwsnap"]);
    expect(await readSnapshotFile(join(into, "real.dwsnap"))).toMatchObject({ ok: true });
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP", "exit"] as const)(
    "%s in the middle of writing removes the unfinished file and still ends the program",
    async (how) => {
      const into = freshFolder();
      const program = `
      const { writeSnapshotFile } = await import(${JSON.stringify(resolve("src/app/snapshot-file/write-snapshot-file.ts"))});
      const { createFile } = await import(${JSON.stringify(resolve("src/app/snapshot-file/atomic-file.ts"))});
      const { buildSnapshot } = await import(${JSON.stringify(resolve("test/support/snapshot-literal.ts"))});
      const create = async (path) => {
        const file = await createFile(path);
        let writes = 0;
        return { ...file, write: async (bytes) => { await file.write(bytes); if (++writes === 4) { ${how === "exit" ? "process.exit(7)" : 'process.stdout.write("writing\\n"); await new Promise((done) => setTimeout(done, 20_000))'}; } } };
      };
      await writeSnapshotFile(buildSnapshot(), ${JSON.stringify(join(into, "a.dwsnap"))}, { create });
    `;
      const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise<unknown>((done) => child.once("exit", (status, signal) => done(signal ?? status)));
      if (how !== "exit") {
        await new Promise((done) => child.stdout.once("data", done));
        expect(namesIn(into)).toHaveLength(1);
        child.kill(how);
      }
      expect(await ended).toBe(how === "exit" ? 7 : how);
      expect(namesIn(into)).toEqual([]);
    },
  );

  test("no listener stays behind", async () => {
    const count = (): number =>
      ["SIGINT", "SIGTERM", "SIGHUP", "exit"].reduce((sum, event) => sum + process.listenerCount(event), 0);
    const before = count();
    await writeSnapshotFile(SESSIONS, place("listeners.dwsnap"));
    expect(count()).toBe(before);
  });
});

test("a snapshot that breaks its promises is our bug and is not written", async () => {
  const broken = buildSnapshot({ nodes: [{}, { refs: [7] }] });
  await expect(writeSnapshotFile(broken, place("broken.dwsnap"))).rejects.toThrow(
    "internal: a snapshot may not be written: object 1 refers to an object that does not exist",
  );
});
