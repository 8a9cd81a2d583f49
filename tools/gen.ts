// Writes the generated parts of documents: the layer table of ARCHITECTURE.md and the catalogues of rules and causes.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { GateResult } from "./gate.ts";
import { LAYERS, type Layer } from "./layers.ts";
import { writeCauseCatalogue } from "./cause-catalogue.ts";
import { writeRuleCatalogue } from "./rule-catalogue.ts";

const BEGIN = "<!-- generated: layers -->";
const END = "<!-- end of generated -->";

/** The import table as Markdown. */
export function layerTable(layers: readonly Layer[] = LAYERS): string {
  const rows = layers.map((layer) => {
    const imports = layer.mayImport.length === 0 ? "-" : layer.mayImport.join(", ");
    return `| ${layer.folder} | ${layer.is} | ${imports} | ${layer.pure ? "yes" : "no"} |`;
  });
  return ["| folder | what it is | may import | pure |", "|---|---|---|---|", ...rows].join("\n");
}

/** `document` with `content` between the two marker lines; null when the markers are missing. */
export function fillGenerated(document: string, content: string): string | null {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin < 0 || end < 0) return null;
  return `${document.slice(0, begin)}${BEGIN}\n${content}\n${document.slice(end)}`;
}

/** Says whether the generated parts are what the code says. */
export function checkGenerated(root: string): GateResult {
  const path = join(root, "ARCHITECTURE.md");
  const document = existsSync(path) ? readFileSync(path, "utf8") : "";
  const wanted = fillGenerated(document, layerTable());
  const unit = "generated parts";
  if (wanted === null) return { problems: [`ARCHITECTURE.md: no line "${BEGIN}"`], looked: 0, unit };
  const problems = wanted === document ? [] : ["ARCHITECTURE.md: the layer table is stale; run `npm run gen`"];
  return { problems, looked: 1, unit };
}

function main(): void {
  const path = join(import.meta.dirname, "..", "ARCHITECTURE.md");
  const filled = fillGenerated(readFileSync(path, "utf8"), layerTable());
  if (filled === null) throw new Error(`ARCHITECTURE.md: no line "${BEGIN}"`);
  writeFileSync(path, filled);
  writeRuleCatalogue(join(import.meta.dirname, ".."));
  writeCauseCatalogue(join(import.meta.dirname, ".."));
  console.log("ARCHITECTURE.md: layer table written; docs/rules/README.md and docs/causes/README.md written");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
