import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { missingPrerequisites } from "../../tools/preflight.mjs";

const GOOD = { platform: "linux", node: "20.19.0", python: "3.11.7" };

describe("preflight", () => {
  test("asks for nothing when all is there", () => {
    expect(missingPrerequisites(GOOD, true)).toEqual([]);
  });

  test.each([
    [{ ...GOOD, node: "18.20.4" }, /Node 20\.19 or newer; this is Node 18\.20\.4/],
    [{ ...GOOD, node: "20.18.1" }, /Node 20\.19 or newer/],
    [{ ...GOOD, python: null }, /python3 was not found/],
    [{ ...GOOD, python: "3.7.17" }, /Python 3\.8 or newer/],
    [{ ...GOOD, platform: "darwin" }, /Linux only; this is darwin/],
  ])("names what is missing in one sentence: %o", (world, sentence) => {
    const missing = missingPrerequisites(world, true);
    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatch(sentence);
  });

  test("a command that needs no Python does not ask for it", () => {
    expect(missingPrerequisites({ ...GOOD, python: null }, false)).toEqual([]);
  });

  test("without python3 on PATH, npm run demo ends with that sentence and code 2", () => {
    const bootstrap = join(import.meta.dirname, "../../tools/bootstrap.mjs");
    const ended = spawnSync(process.execPath, [bootstrap, "demo"], { encoding: "utf8", env: { PATH: "/nonexistent" } });
    expect(ended.stderr).toMatch(/^python3 was not found on PATH.*\n$/);
    expect(ended.status).toBe(2);
  });
});
