// Writes one generated version table as TypeScript. Pure: the same input gives the same bytes, already formatted.

import type { Layout } from "../../src/cpython/layout.ts";

/** What layout-probe.c prints: everything but the three facts about the table itself. */
export interface ProbedLayout {
  readonly versionHex: number;
  readonly freeThreaded: boolean;
  readonly layout: Omit<Layout, "version" | "generatedFrom" | "firstHex" | "lastHex">;
}

const FINAL_RELEASE = 0xf0;

/** The first release of 3.14 with the collector of three generations again (gh-142516); before it, one of increments. */
const GENERATIONS_AGAIN = 0x030e0500;

/** What a table is for. */
export type LayoutTarget = Pick<ProbedLayout, "versionHex" | "freeThreaded">;

/** "3.11.7" -> "cp311". Where releases of one minor version differ the older ones have a name of their own. */
export function layoutName(target: LayoutTarget): string {
  const name = `cp3${(target.versionHex >>> 16) & 0xff}`;
  if (target.freeThreaded) return `${name}t`;
  return isIncremental(target) ? `${name}Incremental` : name;
}

/** The file of a table: "cp314-incremental.ts". */
export function layoutFile(target: LayoutTarget): string {
  return `${layoutName(target).replace("Incremental", "-incremental")}.ts`;
}

/** Without a GIL all releases of 3.14 have one collector. */
function isIncremental({ versionHex, freeThreaded }: LayoutTarget): boolean {
  return !freeThreaded && versionHex >= 0x030e0000 && versionHex < GENERATIONS_AGAIN;
}

/** The first and the last version that a table holds for. */
function rangeOf(target: LayoutTarget): { readonly firstHex: number; readonly lastHex: number } {
  const release = (target.versionHex & 0xffff0000) >>> 0;
  const [firstHex, lastHex] = [release + FINAL_RELEASE, release + 0xffff];
  if (isIncremental(target)) return { firstHex, lastHex: GENERATIONS_AGAIN - 1 };
  return { firstHex: release === 0x030e0000 && !target.freeThreaded ? GENERATIONS_AGAIN : firstHex, lastHex };
}

/** The source text of `src/cpython/layouts/cp3NN.ts`. */
export function emitLayout(probed: ProbedLayout, generatedFrom: string, isProved = true): string {
  const minor = (probed.versionHex >>> 16) & 0xff;
  const about = { version: `3.${minor}`, generatedFrom, ...rangeOf(probed) };
  return `// Generated from the headers of ${isProved ? originOf(probed, generatedFrom) : unprovedOrigin(generatedFrom)}. Do not edit; to make it again:
// npx tsx tools/layouts/generate.ts

import type { Layout } from "../layout.ts";

export const ${layoutName(probed)}: Layout = ${literal({ ...about, ...probed.layout }, "")};
`;
}

/** No release of 3.14.0 to 3.14.4 could be had: what calls itself 3.14.4 was built for this, and the table must say so. */
function originOf(target: LayoutTarget, generatedFrom: string): string {
  if (target.freeThreaded) return `CPython ${generatedFrom} built with --disable-gil, proved in that interpreter`;
  return isIncremental(target)
    ? "an interpreter built of CPython 3.14.7 with the collector of 3.14.4, proved in it: no release could be had"
    : `CPython ${generatedFrom}, proved in that interpreter`;
}

function unprovedOrigin(generatedFrom: string): string {
  return `CPython ${generatedFrom} as for a build with --disable-gil, proved in none: none could be had`;
}

function literal(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value);
  const isSmall = members.length <= 2 && members.every(([, member]) => typeof member === "number");
  if (isSmall) return `{ ${members.map(([key, member]) => `${key}: ${member}`).join(", ")} }`;
  const inner = `${indent}  `;
  const lines = members.map(([key, member]) => {
    const shown = key.endsWith("Hex") && typeof member === "number" ? hex(member) : literal(member, inner);
    return `${inner}${key}: ${shown},\n`;
  });
  return `{\n${lines.join("")}${indent}}`;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
