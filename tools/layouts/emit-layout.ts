// Writes one generated version table as TypeScript. Pure: the same input gives the same bytes, already formatted.

import type { Layout } from "../../src/cpython/layout.ts";

/** What layout-probe.c prints: everything but the three facts about the table itself. */
export interface ProbedLayout {
  readonly versionHex: number;
  readonly layout: Omit<Layout, "version" | "generatedFrom" | "firstHex" | "lastHex">;
}

const FINAL_RELEASE = 0xf0;

/** "3.11" -> "cp311". */
export function layoutName(minor: number): string {
  return `cp3${minor}`;
}

/** The source text of `src/cpython/layouts/cp3NN.ts`. */
export function emitLayout(probed: ProbedLayout, generatedFrom: string): string {
  const minor = (probed.versionHex >>> 16) & 0xff;
  const release = (probed.versionHex & 0xffff0000) >>> 0;
  const about = {
    version: `3.${minor}`,
    generatedFrom,
    firstHex: release + FINAL_RELEASE,
    lastHex: release + 0xffff,
  };
  return `// Generated from the headers of CPython ${generatedFrom}, proved in that interpreter. Do not edit; to make it again:
// npx tsx tools/layouts/generate.ts

import type { Layout } from "../layout.ts";

export const ${layoutName(minor)}: Layout = ${literal({ ...about, ...probed.layout }, "")};
`;
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
