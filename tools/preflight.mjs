// What the project's own commands need before anything else can run, each named in one sentence when it is missing.
// Runs on old Node versions too: no syntax newer than Node 12, no import outside Node.

import { spawnSync } from "child_process";

/** The sentences to print; empty when all is there. `world` is what `lookAround` returns. */
export function missingPrerequisites(world, needsPython) {
  const missing = [];
  if (world.platform !== "linux") {
    missing.push("Deadweight reads processes through /proc and runs on Linux only; this is " + world.platform + ".");
  }
  if (!isAtLeast(world.node, [20, 19])) {
    missing.push(
      "Deadweight needs Node 20.19 or newer; this is Node " + world.node + ". Install one from https://nodejs.org.",
    );
  }
  if (needsPython && world.python === null) {
    missing.push("python3 was not found on PATH; install it (Debian, Ubuntu: apt-get install python3) and try again.");
  } else if (needsPython && !isAtLeast(world.python, [3, 8])) {
    missing.push("Deadweight needs Python 3.8 or newer as python3; this is Python " + world.python + ".");
  }
  return missing;
}

/** Facts about this machine. */
export function lookAround() {
  const asked = spawnSync("python3", ["-c", "import platform; print(platform.python_version())"], { encoding: "utf8" });
  return {
    platform: process.platform,
    node: process.versions.node,
    python: asked.status === 0 ? asked.stdout.trim() : null,
  };
}

function isAtLeast(version, floor) {
  const parts = version.split(".").map(Number);
  return parts[0] > floor[0] || (parts[0] === floor[0] && parts[1] >= floor[1]);
}
