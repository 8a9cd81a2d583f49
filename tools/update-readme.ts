// `npm run update-readme`: runs the demo and puts what it printed, from "Is it a leak" on, into README.md and its
// translation. Run it on a quiet
// machine. The text between the markers is never written by hand.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { runProgram } from "./gate.ts";

const BEGIN = "<!-- output: demo -->";
const READMES = ["README.md", "README.zh-CN.md"] as const;
const END = "<!-- end of output -->";

/** The part of the demo's output that a reader of the README wants; null when the demo did not get that far. */
export function excerpt(output: string): string | null {
  const from = output.indexOf("== Is it a leak");
  const to = output.indexOf("\nDone in ", from);
  return from < 0 || to < 0 ? null : output.slice(from, to).trimEnd();
}

/** `readme` with `text` as a block between the markers; null when they are missing. */
export function fillOutput(readme: string, text: string): string | null {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END, begin);
  if (begin < 0 || end < 0) return null;
  return `${readme.slice(0, begin)}${BEGIN}\n\`\`\`console\n${text}\n\`\`\`\n${readme.slice(end)}`;
}

async function main(): Promise<void> {
  const root = join(import.meta.dirname, "..");
  const { code, output } = await runProgram(process.execPath, [join(root, "tools/bootstrap.mjs"), "demo"], root);
  const text = excerpt(output);
  if (code !== 0 || text === null) throw new Error(`the demo did not come to its end:\n${output}`);
  for (const name of READMES) {
    const path = join(root, name);
    const filled = fillOutput(readFileSync(path, "utf8"), text);
    if (filled === null) throw new Error(`${name}: no line "${BEGIN}"`);
    writeFileSync(path, filled);
  }
  console.log(`${READMES.join(" and ")}: output of the demo written`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
