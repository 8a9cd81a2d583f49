// A folder with packages of npm that only a test needs, made once and kept between runs. None of their scripts is run.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

const FOLDERS = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "deadweight-npm");
const INSTALL_LIMIT_MS = 110_000;

/** The `node_modules` with `packages` (name@version), or the reason why there is none. */
export function npmFolder(packages: readonly string[]): { readonly modules: string } | { readonly reason: string } {
  const folder = join(FOLDERS, packages.join("+").replaceAll("/", "-"));
  const modules = join(folder, "node_modules");
  if (existsSync(join(folder, "complete"))) return { modules };
  // Made aside and moved into place: what is half done is never used.
  const aside = `${folder}.${process.pid}.${threadId}`;
  try {
    mkdirSync(aside, { recursive: true });
    writeFileSync(join(aside, "package.json"), "{}");
    const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", ...packages];
    execFileSync("npm", words, { cwd: aside, stdio: ["ignore", "ignore", "pipe"], timeout: INSTALL_LIMIT_MS });
    writeFileSync(join(aside, "complete"), packages.join(" "));
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
    return { modules };
  } catch (error) {
    const { stderr } = error as { readonly stderr?: Buffer };
    return {
      reason: `npm could not install ${packages.join(", ")}: ${stderr?.toString("utf8").trim() ?? String(error)}`,
    };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
