// Holds every import of src/ and of the page against tools/layers.ts. Reads text, not syntax trees: TypeScript 7 has no API, and an
// import is always a line of its own here. Also follows `new URL("./x.ts", import.meta.url)`, which starts threads.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

import type { GateResult } from "./gate.ts";
import { LAYERS, type Layer, PAGE_FOLDER } from "./layers.ts";

const IMPORTS =
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s+["']([^"']+)["']|^\s*import\s+["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)|new URL\(\s*["'](\.[^"']+)["']\s*,\s*import\.meta\.url/gm;

/** The one file outside src/ that all may import: it knows the version. */
const MANIFEST = join("..", "package.json");
/** Other people's code, bundled by tools/vendor.ts; only adapters touch it. */
const VENDOR = join("..", "vendor");
const ADAPTERS = "parsers";

/** Everything `source` imports, in order. */
export function importsOf(source: string): string[] {
  return Array.from(source.matchAll(IMPORTS), (match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? "");
}

/** Checks all TypeScript files of the project at `root`: those under src/, and the page. */
export function checkLayers(root: string, layers: readonly Layer[] = LAYERS): GateResult {
  const byFolder = new Map(layers.map((layer) => [layer.folder, layer]));
  const problems: string[] = orderProblems(layers);
  const src = join(root, "src");
  const page = sourcesIn(join(root, PAGE_FOLDER)).map((file) => join("..", PAGE_FOLDER, file));
  let imports = 0;
  for (const file of [...sourcesIn(src), ...page]) {
    const shown = relative(root, join(src, file));
    const layer = byFolder.get(folderOf(file));
    if (layer === undefined) {
      problems.push(`${shown}: folder "${folderOf(file)}" is not in tools/layers.ts`);
      continue;
    }
    for (const specifier of importsOf(readFileSync(join(src, file), "utf8"))) {
      imports++;
      const problem = judgeImport(src, file, specifier, layer);
      if (problem !== null) problems.push(`${shown}: ${problem}`);
    }
  }
  return { problems, looked: imports, unit: "imports" };
}

function sourcesIn(folder: string): readonly string[] {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return files.filter((name) => /\.tsx?$/.test(name)).toSorted();
}

function judgeImport(src: string, file: string, specifier: string, layer: Layer): string | null {
  if (!specifier.startsWith(".")) {
    return layer.pure ? `"${layer.folder}" is pure and may not import ${specifier}` : null;
  }
  const path = relative(src, resolve(dirname(join(src, file)), specifier));
  if (path === MANIFEST && !layer.pure) return null;
  if (path.startsWith(VENDOR + sep) && layer.folder === ADAPTERS) return null;
  // The built page lies in dist/web: files that are sent, and no code that runs here.
  if (path === PAGE_FOLDER) return null;
  const target = folderOf(path);
  if (target === layer.folder || layer.mayImport.includes(target)) return null;
  return `${layer.folder} may not import ${target} (${specifier})`;
}

/** First folder below src/, or the page's beside it. */
function folderOf(path: string): string {
  const [first = "", second = ""] = path.split(sep);
  return first === ".." && second === PAGE_FOLDER ? second : first;
}

/** The table itself must point downwards only. */
function orderProblems(layers: readonly Layer[]): string[] {
  const above = new Set<string>();
  const problems: string[] = [];
  for (const layer of layers) {
    for (const target of layer.mayImport) {
      if (!above.has(target)) problems.push(`tools/layers.ts: ${layer.folder} names ${target}, which is not above it`);
    }
    above.add(layer.folder);
  }
  return problems;
}
