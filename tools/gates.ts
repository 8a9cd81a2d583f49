// The gates of `npm run check`, each a function from a project folder to what it found.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { checkCauseCatalogue } from "./cause-catalogue.ts";
import { checkDocs } from "./check-docs.ts";
import { checkLayers } from "./check-layers.ts";
import type { Gate, GateResult } from "./gate.ts";
import { runProgram } from "./gate.ts";
import { checkGenerated } from "./gen.ts";
import { checkRuleCatalogue } from "./rule-catalogue.ts";

const PROJECT = join(import.meta.dirname, "..");
const PROGRAMS = join(PROJECT, "node_modules/.bin");

/** How the output of a program is read: what it complains about and how many files it looked at. */
interface Reading {
  readonly problems?: (output: string) => string[];
  readonly looked: (output: string) => number | null;
}

/** An external program as a gate. */
function program(name: string, args: readonly string[], reading: Reading): Gate["run"] {
  return async (root): Promise<GateResult> => {
    const { code, output } = await runProgram(join(PROGRAMS, name), args, root);
    const said = reading.problems?.(output) ?? [];
    return {
      problems: code === 0 ? [] : said.length > 0 ? said : [output.trim()],
      looked: reading.looked(output),
      unit: "files",
    };
  };
}

/** Biome shows every difference; the names are enough, `npm run format` does the rest. */
function unformatted(output: string): string[] {
  return Array.from(
    output.matchAll(/^(\S+) format \u2501/gm),
    (match) => `${match[1]}: not formatted; run \`npm run format\``,
  );
}

function numberAfter(pattern: RegExp): (output: string) => number | null {
  return (output) => {
    const found = pattern.exec(output)?.[1];
    return found === undefined ? null : Number(found);
  };
}

/** The page has a configuration of its own, since a browser has other libraries. */
async function typecheck(root: string): Promise<GateResult> {
  const parts = [await typecheckOne(root, root)];
  if (existsSync(join(root, "web/tsconfig.json"))) parts.push(await typecheckOne(root, join(root, "web")));
  return {
    problems: parts.flatMap(({ problems }) => problems),
    looked: parts.reduce((sum, { looked }) => sum + (looked ?? 0), 0),
    unit: "files",
  };
}

/** `tsc --listFiles` names every file; those of the project are the ones that count. */
async function typecheckOne(root: string, project: string): Promise<GateResult> {
  const { code, output } = await runProgram(join(PROGRAMS, "tsc"), ["-p", project, "--listFiles"], root);
  const lines = output.split("\n").filter((line) => line !== "");
  const listed = (line: string): boolean => line.startsWith("/") && /\.[cm]?tsx?$/.test(line);
  const own = lines.filter((line) => listed(line) && line.startsWith(`${root}/`) && !line.includes("/node_modules/"));
  const problems = code === 0 ? [] : [lines.filter((line) => !listed(line)).join("\n")];
  return { problems, looked: own.length, unit: "files" };
}

/** knip's reporter is a file of ours, also when the checked project is another. */
const knipReporter = join(PROJECT, "tools/knip-reporter.mjs");

export const GATES: readonly Gate[] = [
  { name: "types", run: typecheck },
  {
    name: "lint",
    run: program("oxlint", ["--type-aware", "--deny-warnings", "."], { looked: numberAfter(/ on (\d+) files?/) }),
  },
  {
    name: "format",
    run: program("biome", ["format", "--max-diagnostics=none", "."], {
      problems: unformatted,
      looked: numberAfter(/Checked (\d+) files?/),
    }),
  },
  {
    name: "unused",
    run: program("knip", ["--no-progress", "--reporter", knipReporter], { looked: numberAfter(/looked at (\d+) of/) }),
  },
  { name: "layers", run: (root) => Promise.resolve(checkLayers(root)) },
  { name: "docs", run: (root) => Promise.resolve(checkDocs(root)) },
  { name: "generated", run: (root) => Promise.resolve(checkGenerated(root)) },
  { name: "rules", run: (root) => Promise.resolve(checkRuleCatalogue(root)) },
  { name: "causes", run: (root) => Promise.resolve(checkCauseCatalogue(root)) },
];
