// A throwaway project with the house's own settings, for tests that show a gate refusing something.

import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const SETTINGS = ["tsconfig.json", ".oxlintrc.json", "biome.json", "knip.json"];

export interface Project extends Disposable {
  readonly root: string;
}

/** Writes `files` (path -> content) beside copies of the house's settings; the folder goes away with the scope. */
export function project(files: Readonly<Record<string, string>>): Project {
  const root = mkdtempSync(join(tmpdir(), "deadweight-house-"));
  for (const file of SETTINGS) cpSync(join(ROOT, file), join(root, file));
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  const manifest = { name: "bad", type: "module", scripts: { build: "true" } };
  for (const [file, content] of Object.entries({ "package.json": JSON.stringify(manifest), ...files })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
