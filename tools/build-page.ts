// Builds the page: web/ into dist/web, which `deadweight serve` sends. Fails when what a browser must load has grown too large.
//   npx tsx tools/build-page.ts

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { build } from "vite";

const ROOT = join(import.meta.dirname, "..");
const OUTPUT = join(ROOT, "dist/web");
/** Of all scripts and style sheets, compressed. */
const MOST_BYTES = 120_000;

await build({
  root: join(ROOT, "web"),
  configFile: false,
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: OUTPUT,
    emptyOutDir: true,
    // Light and dark in one style sheet need browsers from 2024 on.
    target: ["chrome123", "firefox121", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

const files = readdirSync(OUTPUT, { recursive: true, encoding: "utf8" }).filter((name) => /\.(js|css)$/.test(name));
const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(OUTPUT, name))).length, 0);
if (files.length === 0 || bytes > MOST_BYTES) {
  console.error(`The page has ${files.length} files of ${bytes} bytes (gzip); it may have ${MOST_BYTES}.`);
  process.exitCode = 1;
}
