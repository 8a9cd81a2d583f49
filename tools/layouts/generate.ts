// Makes src/cpython/layouts/cp3NN.ts from the interpreters of this machine: compiles layout-probe.c against each one's
// own headers, runs it, has the interpreter itself prove the result (verify_layout.py), and writes the table.
//   npx tsx tools/layouts/generate.ts           writes
//   npx tsx tools/layouts/generate.ts --check   only compares with what is committed
// A second interpreter of the same minor version must agree with the table, whichever patch version it is.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

import {
  describeInterpreter,
  freeThreadedInterpreters,
  readableInterpreters,
  type TestInterpreter,
} from "../../test/support/interpreters.ts";
import { emitLayout, layoutFile, type ProbedLayout } from "./emit-layout.ts";

const HERE = import.meta.dirname;
const TABLES = join(HERE, "..", "..", "src", "cpython", "layouts");

/** One interpreter's table, proved and as source text. */
export interface GeneratedLayout {
  readonly python: TestInterpreter;
  readonly file: string;
  readonly source: string;
  /** Comparisons with the running interpreter, all equal. */
  readonly comparisons: number;
}

/** The table of one interpreter with headers. Throws when gcc fails or the interpreter contradicts the headers. */
export function generateLayout(python: TestInterpreter, include: string): GeneratedLayout {
  const probed = probeHeaders(include, []);
  const comparisons = proveLayout(python, probed);
  return {
    python,
    file: join(TABLES, layoutFile(probed)),
    source: emitLayout(probed, python.version),
    comparisons,
  };
}

/**
 * The table of a build without a GIL, from the headers of one with it: they are the same files, but for one definition. No
 * interpreter has proved it, and whoever uses it must say so.
 */
export function generateUnproved(python: TestInterpreter, include: string): GeneratedLayout {
  const probed = probeHeaders(include, ["-DPy_GIL_DISABLED=1"]);
  const file = join(TABLES, layoutFile(probed));
  return { python, file, source: emitLayout(probed, python.version, false), comparisons: 0 };
}

/** Minor versions of which no build without a GIL could be had. */
export const UNPROVED_FREE_THREADED: readonly number[] = [15];

/** Whether there is a gcc to compile the probe with. */
export function hasCompiler(): boolean {
  return spawnSync("gcc", ["--version"], { stdio: "ignore" }).status === 0;
}

/** Whether two tables differ in nothing but the patch version they were made from. */
export function sameLayout(a: string, b: string): boolean {
  return withoutProvenance(a) === withoutProvenance(b);
}

function withoutProvenance(source: string): string {
  return source.replace(/^\/\/ Generated from .*\n/, "").replace(/^ {2}generatedFrom: .*\n/m, "");
}

function probeHeaders(include: string, definitions: readonly string[]): ProbedLayout {
  const folder = mkdtempSync(join(tmpdir(), "deadweight-layout-"));
  try {
    const program = join(folder, "layout-probe");
    // NDEBUG as in every release build: with it off, accessors check objects that we do not have.
    // Debian's pyconfig.h leads to another below the folder around the headers.
    const flags = [
      "-O1",
      "-w",
      "-DNDEBUG",
      ...definitions,
      `-I${include}`,
      `-I${join(include, "internal")}`,
      `-I${join(include, "..")}`,
    ];
    execFileSync("gcc", [...flags, "-o", program, join(HERE, "layout-probe.c")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    return JSON.parse(execFileSync(program, { encoding: "utf8" })) as ProbedLayout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Proof {
  readonly problems: readonly string[];
  readonly comparisons: number;
}

function proveLayout(python: TestInterpreter, probed: ProbedLayout): number {
  const input = JSON.stringify(probed.layout);
  const answer = execFileSync(python.path, ["-I", join(HERE, "verify_layout.py")], { input, encoding: "utf8" });
  const { problems, comparisons } = JSON.parse(answer) as Proof;
  if (problems.length === 0 && comparisons > 0) return comparisons;
  throw new Error(`${describeInterpreter(python)} contradicts its headers:\n  ${problems.join("\n  ")}`);
}

/** Writes or compares the table of each minor version; `settled` holds the tables this run has already seen. */
function settle(made: GeneratedLayout, settled: Map<string, string>, isCheck: boolean): "same" | "written" | "differs" {
  const first = settled.get(made.file);
  if (first !== undefined) return sameLayout(first, made.source) ? "same" : "differs";
  settled.set(made.file, made.source);
  const old = existsSync(made.file) ? readFileSync(made.file, "utf8") : "";
  const isSame = isCheck ? sameLayout(old, made.source) : old === made.source;
  if (isSame) return "same";
  if (isCheck) return "differs";
  writeFileSync(made.file, made.source);
  return "written";
}

function proofOf({ comparisons, file }: GeneratedLayout): string {
  return comparisons > 0 ? `${comparisons} values proved in the interpreter` : `${basename(file)}, proved in none`;
}

function main(): void {
  const isCheck = process.argv.includes("--check");
  if (!hasCompiler()) throw new Error("gcc is not installed: the layout probe cannot be compiled");
  const settled = new Map<string, string>();
  let looked = 0;
  for (const python of [...readableInterpreters(), ...freeThreadedInterpreters()]) {
    if (python.include === null) {
      console.log(`skipped  ${describeInterpreter(python)}: no headers`);
      continue;
    }
    const isUnproved = python.build === "plain" && UNPROVED_FREE_THREADED.includes(python.minor);
    const tables = [generateLayout(python, python.include)];
    if (isUnproved) tables.push(generateUnproved(python, python.include));
    for (const made of tables) {
      const outcome = settle(made, settled, isCheck);
      looked += 1;
      console.log(`${outcome.padEnd(8)} ${describeInterpreter(python)}: ${proofOf(made)}`);
      if (outcome === "differs") process.exitCode = 1;
    }
  }
  if (looked === 0) throw new Error("no interpreter with headers: nothing was generated");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
