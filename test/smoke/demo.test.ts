// `npm run demo` tells its story with the real tool and leaves nothing behind, also when it is interrupted.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const BOOTSTRAP = join(import.meta.dirname, "../../tools/bootstrap.mjs");
const LIMIT_MS = 60_000;

let scratch = "";
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "deadweight-demo-test-"));
});
afterEach(() => {
  rmSync(scratch, { recursive: true, force: true });
});

interface Story {
  readonly output: string;
  readonly code: number | null;
  readonly servicePid: number;
}

/** Runs the demo to its end; `onOutput` may interrupt it. */
function runDemo(switches: readonly string[], onOutput: (all: string, demo: ChildProcess) => void): Promise<Story> {
  const demo = spawn(process.execPath, [BOOTSTRAP, "demo", "--built", ...switches], {
    env: { ...process.env, TMPDIR: scratch },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((ended) => {
    let output = "";
    const listen = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
      onOutput(output, demo);
    };
    demo.stdout.on("data", listen);
    demo.stderr.on("data", listen);
    demo.on("close", (code) => ended({ output, code, servicePid: Number(/\(pid (\d+)/.exec(output)?.[1]) }));
  });
}

/** What the demo's own files are called; tsx keeps a cache beside them. */
const leftovers = (): string[] => readdirSync(scratch).filter((file) => file.startsWith("deadweight-"));

describe("npm run demo", () => {
  test(
    "names the growing holder with count, bytes and path",
    async () => {
      const { output, code, servicePid } = await runDemo(["--sessions"], () => {});
      expect(output).toMatch(/REGISTRY`\s+grew by [\d,]+ entries/);
      expect(output).toMatch(/mostly\s+\S*Session/);
      expect(output).toMatch(/\$ deadweight why .*REGISTRY/);
      expect(code).toBe(0);
      expect(existsSync(`/proc/${servicePid}`)).toBe(false);
      expect(leftovers()).toEqual([]);
    },
    LIMIT_MS,
  );

  test.each(["A service nobody prepared", "$ deadweight snapshot"])(
    "interrupted at '%s', stops the service and deletes its files",
    async (moment) => {
      let interrupted = false;
      const { code, servicePid } = await runDemo([], (output, demo) => {
        if (interrupted || !output.includes(moment) || !output.includes("(pid ")) return;
        interrupted = true;
        demo.kill("SIGINT");
      });
      expect(code).toBe(1);
      expect(existsSync(`/proc/${servicePid}`)).toBe(false);
      expect(leftovers()).toEqual([]);
    },
    LIMIT_MS,
  );
});
