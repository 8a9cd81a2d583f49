// Holds every import of src/ against tools/layers.ts. Reads text, not syntax trees: TypeScript 7 has no API, and an
// import is always a line of its own here. Also follows `new URL("./x.ts", import.meta.url)`, which starts threads.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

import type { GateResult } from "./gate.ts";
import { LAYERS, type Layer } from "./layers.ts";

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

/** Checks all TypeScript files under `src`. */
export function checkLayers(src: string, layers: readonly Layer[] = LAYERS): GateResult {
  const byFolder = new Map(layers.map((layer) => [layer.folder, layer]));
  const problems: string[] = orderProblems(layers);
  const files = existsSync(src) ? readdirSync(src, { recursive: true, encoding: "utf8" }) : [];
  let imports = 0;
  for (const file of files.filter((name) => name.endsWith(".ts")).toSorted()) {
    const layer = byFolder.get(folderOf(file));
    if (layer === undefined) {
      problems.push(`src/${file}: folder "${folderOf(file)}" is not in tools/layers.ts`);
      continue;
    }
    for (const specifier of importsOf(readFileSync(join(src, file), "utf8"))) {
      imports++;
      const problem = judgeImport(src, file, specifier, layer);
      if (problem !== null) problems.push(`src/${file}: ${problem}`);
    }
  }
  return { problems, looked: imports, unit: "imports" };
}

function judgeImport(src: string, file: string, specifier: string, layer: Layer): string | null {
  if (!specifier.startsWith(".")) {
    return layer.pure ? `"${layer.folder}" is pure and may not import ${specifier}` : null;
  }
  const path = relative(src, resolve(dirname(join(src, file)), specifier));
  if (path === MANIFEST && !layer.pure) return null;
  if (path.startsWith(VENDOR + sep) && layer.folder === ADAPTERS) return null;
  const target = folderOf(path);
  if (target === layer.folder || layer.mayImport.includes(target)) return null;
  return `${layer.folder} may not import ${target} (${specifier})`;
}

function folderOf(path: string): string {
  return path.split(sep)[0] ?? "";
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
