// Runs as `prepare`: builds the tool where npm installs it from its git repository, as pre-commit does. In a clone that somebody
// works in, and before packing, others build.

import { spawnSync } from "child_process";
import { existsSync } from "fs";

/** Set by npm while it prepares a dependency from git. Source: pacote 21, lib/git.js. */
const isDependency = process.env["_PACOTE_NO_PREPARE_"] !== undefined;

function run(command) {
  const { status } = spawnSync(command, { shell: true, stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

if (isDependency) {
  // `npm install --global` hands its flag down, and then nothing is installed here.
  if (!existsSync("node_modules/.bin/tsx")) run("npm ci --global=false --ignore-scripts --no-audit --no-fund");
  run("npm run build");
}
