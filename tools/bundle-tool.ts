// Writes the tool in a few files instead of some hundred: finding, opening and compiling each module of its own costs more than
// all that a warm scan does (bench/method.md, Scan). Where tsc has put the modules that a process or a thread begins with,
// the bundled ones take their place; the rest lies in dist/chunks. The other modules stay beside them for tests that import
// one alone, and tsc by itself makes a tool that is whole and never old, only slower to start.
//   npx tsx tools/bundle-tool.ts       after tools/vendor.ts and tsc; half a second

import { readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

import { build, type Plugin } from "esbuild";

const ROOT = join(import.meta.dirname, "..");
const SOURCE = join(ROOT, "src");
const OUTPUT = join(ROOT, "dist");
/** What a process or a thread begins with, under src/. */
const ENTRIES = [
  "cli/main.ts",
  "workers/heap-thread.ts",
  "workers/scan-thread.ts",
  "app/background/thread-entry.ts",
] as const;

/**
 * A module that asks where it is hears the place it would have by itself: dist/app/scan/rule-pages.js. All files of the
 * bundle lie one folder below dist/, so the way there is the same from each.
 */
const places: Plugin = {
  name: "places",
  setup: (bundler) => {
    bundler.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const own = `../${relative(SOURCE, path).replace(/\.ts$/, ".js")}`;
      const contents = source.replaceAll("import.meta.url", `new URL("${own}", import.meta.url).href`);
      if (contents.includes("import.meta.dirname"))
        throw new Error(`${path}: use import.meta.url, see tools/bundle-tool.ts`);
      return { contents, loader: "ts" };
    });
    // Packed beside the bundle, with its licence; the way to it is the same from everywhere, too.
    bundler.onResolve({ filter: /\/vendor\// }, ({ path }) => ({ path, external: true }));
  },
};

rmSync(join(OUTPUT, "chunks"), { recursive: true, force: true });
await build({
  entryPoints: ENTRIES.map((entry) => join(SOURCE, entry)),
  outbase: SOURCE,
  outdir: OUTPUT,
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  legalComments: "none",
  plugins: [places],
  logLevel: "error",
});
