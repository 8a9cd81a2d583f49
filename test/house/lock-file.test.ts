import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { type LockPackages, missingEntries } from "../../tools/lock-file.ts";

const ROOT = join(import.meta.dirname, "../..");

describe("package-lock.json", () => {
  test.each(["package-lock.json", "test/smoke/node-lines/package-lock.json"])(
    "%s has the packages of every platform; else run: npx tsx tools/lock-file.ts",
    (file) => {
      const { packages } = JSON.parse(readFileSync(join(ROOT, file), "utf8")) as { packages: LockPackages };
      expect(Object.keys(packages).length).toBeGreaterThan(1);
      expect(Object.keys(missingEntries(packages))).toEqual([]);
    },
  );
});

describe("missingEntries", () => {
  const tool = { version: "2.0.0", dev: true, optionalDependencies: { "@tool/linux-x64-musl": "2.0.0" } };

  test("writes what a package pins and the lock does not have", () => {
    expect(missingEntries({ "node_modules/tool": tool })).toEqual({
      "node_modules/@tool/linux-x64-musl": {
        version: "2.0.0",
        cpu: ["x64"],
        dev: true,
        libc: ["musl"],
        optional: true,
        os: ["linux"],
      },
    });
  });

  test("accepts what is there, at its place or further up", () => {
    const there = { "node_modules/@tool/linux-x64-musl": { version: "2.0.0" } };
    expect(missingEntries({ "node_modules/tool": tool, ...there })).toEqual({});
    expect(missingEntries({ "node_modules/a/node_modules/tool": tool, ...there })).toEqual({});
  });

  test("puts another version beside the package that wants it", () => {
    const other = { "node_modules/@tool/linux-x64-musl": { version: "1.0.0" } };
    expect(Object.keys(missingEntries({ "node_modules/tool": tool, ...other }))).toEqual([
      "node_modules/tool/node_modules/@tool/linux-x64-musl",
    ]);
  });
});
