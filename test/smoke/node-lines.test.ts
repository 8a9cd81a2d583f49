// The built tool on newer Node lines than the one that runs the tests; their binaries come from npm.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import { useTool } from "./use-tool.ts";

const LINES = join(import.meta.dirname, "node-lines");
const LAUNCHER = join(import.meta.dirname, "../../bin/deadweight.mjs");
const INSTALL_LIMIT_MS = 240_000;

const binaryOf = (line: number): string => join(LINES, `node_modules/node-${line}-linux-${process.arch}/bin/node`);

describe("the built tool runs on", () => {
  beforeAll(() => {
    if (existsSync(binaryOf(24)) && existsSync(binaryOf(26))) return;
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    execFileSync("npm", args, { cwd: LINES, timeout: INSTALL_LIMIT_MS, stdio: ["ignore", "ignore", "inherit"] });
  }, INSTALL_LIMIT_MS);

  test.each([
    [24, "an LTS release"],
    [26, "no LTS release yet when it was pinned"],
  ])(
    "Node %i, %s",
    async (line) => {
      const node = binaryOf(line);
      const release = execFileSync(node, ["-p", "[process.version, process.release.lts ?? 'current']"], {
        encoding: "utf8",
      });
      expect(release).toMatch(line === 24 ? /'v24\..*'Krypton'/ : new RegExp(`'v${line}\\.`));
      const folder = mkdtempSync(join(tmpdir(), "deadweight-node-line-"));
      try {
        await useTool([node, LAUNCHER], folder);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    120_000,
  );
});
