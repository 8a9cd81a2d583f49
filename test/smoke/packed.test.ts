// The packed tarball, installed in an empty folder, is all a user needs.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

import { useTool } from "./use-tool.ts";

const ROOT = join(import.meta.dirname, "../..");
const LIMIT_MS = 300_000;

test(
  "npm pack, npm install, npx deadweight",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "deadweight-packed-"));
    try {
      const npm = (...args: string[]): string =>
        execFileSync("npm", args, {
          cwd: folder,
          encoding: "utf8",
          timeout: LIMIT_MS,
          stdio: ["ignore", "pipe", "pipe"],
        });
      // Without scripts: `prepack` would rebuild dist/ under the tests that are running it.
      npm("pack", ROOT, "--ignore-scripts", "--pack-destination", folder);
      const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
      expect(tarball).toBeDefined();
      npm("init", "--yes");
      npm("install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", `./${tarball}`);
      await useTool(["npx", "--no-install", "deadweight"], folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  LIMIT_MS,
);
