// Reads every Python file of some folders with the parser for plain files and with the complete one, and says where they do not
// agree: decision 0004 promises that the first is a shortcut and no second opinion.
//   npx tsx tools/compare-parsers.ts FOLDER...      exit code 1 when facts differ
// Equal trees have equal facts, so facts are made only where trees differ. Time: about that of the complete parser.

import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parsePlain } from "../src/parsers/plain/plain-python.ts";
import { parseCompletely } from "../src/parsers/python-from-pyright.ts";
import { collectFacts } from "../src/python/extract-facts.ts";
import { lineTableOf } from "../src/python/line-table.ts";
import { makeFileView } from "../src/python/make-file-view.ts";
import { decodeSource } from "../src/python/source-text.ts";
import type { Module } from "../src/python/tree.ts";
import { ALL_RULES } from "../src/rules/all-rules.ts";
import { collectEvidence, visitorTable } from "../src/workers/collect-evidence.ts";
import { pythonSuppressions } from "../src/workers/find-suppressions.ts";

type Outcome =
  | "the same tree"
  | "left to the complete parser"
  | "another tree, the same facts"
  | "other facts"
  | "an error missed";

/** A file of megabytes takes the complete parser more memory than a tool may have. */
const LARGEST_BYTES = 2 * 1024 * 1024;
const VISITORS = visitorTable(ALL_RULES);

function compareFile(path: string): { readonly outcome: Outcome; readonly where: string } {
  const { text } = decodeSource(readFileSync(path));
  const plain = parsePlain(text);
  if (plain === null) return { outcome: "left to the complete parser", where: "" };
  const complete = parseCompletely(text, { isStub: path.endsWith(".pyi"), isNotebook: false });
  const [fault] = complete.faults;
  if (fault !== undefined)
    return { outcome: "an error missed", where: `${placeOf(text, fault.start)}: ${fault.message}` };
  const offset = firstDifference(plain, complete.tree);
  if (offset === null) return { outcome: "the same tree", where: "" };
  const isSame = factsOf(path, text, plain) === factsOf(path, text, complete.tree);
  return { outcome: isSame ? "another tree, the same facts" : "other facts", where: placeOf(text, offset) };
}

/** All that a scan keeps of a file, as text. */
function factsOf(path: string, text: string, tree: Module): string {
  const identity = { path, module: "module", isPackage: false, isTest: false };
  const view = makeFileView(identity, text, tree, lineTableOf(text), []);
  const facts = collectFacts(view);
  const { evidence } = collectEvidence(view, VISITORS, facts.enter);
  return JSON.stringify([facts.finish(), evidence, pythonSuppressions(view)]);
}

/** Where the first pair of values that are not equal begins; null for equal trees. A parent is compared by its kind and place. */
function firstDifference(one: unknown, other: unknown): number | null {
  const open: [unknown, unknown, number][] = [[one, other, 0]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [a, b, around] = pair;
    if (!isObject(a) || !isObject(b)) {
      if (!Object.is(a, b)) return around;
      continue;
    }
    const offset = typeof a["start"] === "number" ? a["start"] : around;
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    for (const key of keys) {
      if (key !== "parent") open.push([a[key], b[key], offset]);
      else if (labelOf(a[key]) !== labelOf(b[key])) return offset;
    }
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function labelOf(parent: unknown): string {
  return isObject(parent) ? `${String(parent["kind"])} ${String(parent["start"])} ${String(parent["end"])}` : "";
}

function placeOf(text: string, offset: number): string {
  const line = text.slice(0, offset).split("\n").length;
  return `line ${line}`;
}

function* sourcesIn(folder: string): Generator<string> {
  for (const name of readdirSync(folder).toSorted()) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) yield* sourcesIn(path);
    else if (stat.isFile() && stat.size <= LARGEST_BYTES && /\.pyi?$/.test(name)) yield path;
  }
}

const counts = new Map<Outcome, number>();
for (const folder of process.argv.slice(2)) {
  for (const path of sourcesIn(folder)) {
    const { outcome, where } = compareFile(path);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (where !== "") console.log(`${path}, ${where}: ${outcome}`);
  }
}
for (const [outcome, count] of counts) console.log(`${count.toString().padStart(7)} ${outcome}`);
if ((counts.get("other facts") ?? 0) > 0) process.exitCode = 1;
