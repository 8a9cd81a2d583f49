// Writes vendor/tree-sitter-c.wasm, and its licence beside it. The package is a development dependency because it brings an
// install script that builds native code; the tool wants nothing of it but this one file.
//   npx tsx tools/copy-c-grammar.ts

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const PACKAGE = join(ROOT, "node_modules/tree-sitter-c");

mkdirSync(join(ROOT, "vendor"), { recursive: true });
copyFileSync(join(PACKAGE, "tree-sitter-c.wasm"), join(ROOT, "vendor/tree-sitter-c.wasm"));
copyFileSync(join(PACKAGE, "LICENSE"), join(ROOT, "vendor/tree-sitter-c.LICENSE.txt"));
