// Starts a TypeScript tool on a fresh clone: `node tools/bootstrap.mjs demo` checks the prerequisites, installs the
// packages when they are missing, writes vendor/, then runs tools/demo.ts in this process; the word `preflight` stops after the first
// step. No syntax newer than Node 14.

import { spawnSync } from "child_process";
import { existsSync } from "fs";
import { dirname, join } from "path";
import { fileURLToPath, pathToFileURL } from "url";

import { lookAround, missingPrerequisites } from "./preflight.mjs";

const NEED_PYTHON = ["preflight", "test", "demo", "update-readme"];

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tool = process.argv[2];

function installPackages() {
  if (existsSync(join(root, "node_modules/.package-lock.json"))) return 0;
  console.error("Installing packages (npm ci) ...");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root, stdio: ["ignore", 2, 2] });
  return status === null ? 1 : status;
}

async function main() {
  const missing = missingPrerequisites(lookAround(), NEED_PYTHON.includes(tool));
  if (missing.length > 0) {
    console.error(missing.join("\n"));
    return 2;
  }
  if (tool === "preflight") return 0;
  if (installPackages() !== 0) {
    console.error("npm ci failed; see above. It needs the package registry or a filled npm cache.");
    return 2;
  }
  const { register } = await import("tsx/esm/api");
  register();
  await import(pathToFileURL(join(root, "tools/vendor.ts")).href);
  process.argv.splice(1, 2, join(root, "tools", tool + ".ts"));
  await import(pathToFileURL(process.argv[1]).href);
  return process.exitCode === undefined ? 0 : process.exitCode;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 70;
  },
);
