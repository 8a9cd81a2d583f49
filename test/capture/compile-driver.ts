// Compiles a TypeScript program for plain Node, so that hundreds of short-lived children start in milliseconds.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const PROJECT = join(import.meta.dirname, "../..");

export interface CompiledDriver extends Disposable {
  /** The JavaScript file to run. */
  readonly file: string;
}

/** `entry` is a path relative to the project folder. */
export function compileDriver(entry: string): CompiledDriver {
  const folder = mkdtempSync(join(tmpdir(), "dw-driver-"));
  const config = {
    extends: join(PROJECT, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      declaration: false,
      isolatedDeclarations: false,
      rootDir: PROJECT,
      outDir: folder,
      typeRoots: [join(PROJECT, "node_modules/@types")],
    },
    include: [join(PROJECT, entry)],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  execFileSync(process.execPath, [join(PROJECT, "node_modules/typescript/bin/tsc"), "-p", folder], { stdio: "pipe" });
  return {
    file: join(folder, relative(PROJECT, join(PROJECT, entry)).replace(/\.ts$/, ".js")),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
