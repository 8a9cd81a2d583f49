// `npm test [FILTER...]`: builds dist/ (thread and end-to-end tests run it), runs vitest, and prints as its last line
// "N passed, N failed". A run that executed no test has failed.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freeThreadedVersions, supportedVersions } from "../src/cpython/layout-for-version.ts";
import { everyInterpreter } from "../test/support/interpreters.ts";
import { closingLine, countTests, versionsLine, type VitestSummary } from "./closing-line.ts";

const root = join(import.meta.dirname, "..");
const programs = join(root, "node_modules/.bin");

function run(program: string, args: readonly string[]): Promise<number> {
  return new Promise((settle, reject) => {
    const child = spawn(join(programs, program), args, { cwd: root, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => settle(code ?? 1));
  });
}

function readSummary(path: string): VitestSummary | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as VitestSummary;
  } catch {
    return null;
  }
}

/** "3.14.8", and "3.14.7t" for one without a GIL. */
function readVersions(): readonly { readonly version: string }[] {
  const read = everyInterpreter().filter(({ minor }) => supportedVersions.includes(`3.${minor}`));
  return read.flatMap(({ build, minor, version }) => {
    if (build === "plain") return [{ version }];
    return build === "free-threaded" && freeThreadedVersions.includes(`3.${minor}`) ? [{ version: `${version}t` }] : [];
  });
}

async function main(): Promise<void> {
  const compiled = await run("tsc", ["-p", "tsconfig.build.json"]);
  const bundled = compiled === 0 ? await run("tsx", ["tools/bundle-tool.ts"]) : compiled;
  const built = bundled === 0 ? await run("tsx", ["tools/build-page.ts"]) : bundled;
  if (built !== 0) console.error("The build failed; tests that run dist/ see the last code that was emitted.");
  const scratch = mkdtempSync(join(tmpdir(), "deadweight-test-"));
  try {
    const summary = join(scratch, "summary.json");
    const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${summary}`];
    const code = await run("vitest", [...args, ...process.argv.slice(2)]);
    const counts = countTests(readSummary(summary), code === 0 && built === 0);
    const known = [...supportedVersions, ...freeThreadedVersions.map((version) => `${version}t`)];
    console.log(versionsLine(readVersions(), known));
    console.log(closingLine(counts));
    process.exitCode = counts.failed === 0 ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await main();
