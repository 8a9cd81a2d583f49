// How often the guard of our pytest plugin is wrong: whole test suites of released packages under `--deadweight`, each twice. Prints the
// rows of the table in docs/pytest.md, and what leaked. Run: npx tsx tools/guard-suites/run.ts [PACKAGE]... ; CPython 3.12, minutes each.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findInterpreters } from "../../test/support/interpreters.ts";
import { packageVenv } from "../../test/support/package-venv.ts";
import { type Suite, SUITES } from "./suites.ts";

const PROJECT = join(import.meta.dirname, "..", "..");
const ARCHIVES = join(PROJECT, "node_modules", ".cache", "guard-suites");
const SOURCES = join(PROJECT, "python", "src");
const MINOR = 12;
const RUNS = 2;
const SUITE_LIMIT_MS = 3_600_000;

interface Judged {
  readonly test: string;
  /** First words of the plugin's property: "steady", "leak", "not repeatable"; "failed" where the suite itself fails. */
  readonly verdict: string;
  /** What grew, for a leak; why, for one that cannot be repeated. */
  readonly detail: string;
}

const wanted = process.argv.slice(2);
const python = findInterpreters().find(({ minor }) => minor === MINOR) ?? missing();
const unknown = wanted.filter((name) => !SUITES.some((suite) => suite.name === name));
if (unknown.length > 0) throw new Error(`no suite is called ${unknown.join(", ")}`);
console.log(`CPython ${python.version}, each suite ${RUNS} times\n`);
console.log("| package | tests | steady | not repeatable | leaks | differ between runs | fail by themselves |");
console.log("|---|--:|--:|--:|--:|--:|--:|");
const details: string[] = [];
for (const suite of SUITES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) report(suite);
console.log(["", ...details].join("\n"));

function missing(): never {
  throw new Error(`there is no CPython 3.${MINOR} here`);
}

function report(suite: Suite): void {
  const title = `${suite.name} ${suite.version}`;
  const venv = packageVenv(python, ["pytest", `${suite.name}==${suite.version}`, ...suite.needs]);
  if ("reason" in venv) return console.log(`| ${title} | ${venv.reason} |`);
  const runs = Array.from({ length: RUNS }, () => guarded(venv.program, suite));
  const [first = [], ...others] = runs;
  const count = (kind: string): number => first.filter(({ verdict }) => verdict === kind).length;
  const differing = first.filter(({ test, verdict }) =>
    others.some((run) => run.find((each) => each.test === test)?.verdict !== verdict),
  );
  const counts = [first.length, count("steady"), count("not repeatable"), count("leak"), differing.length];
  console.log(`| ${title} | ${[...counts, count("failed")].join(" | ")} |`);
  for (const [at, run] of runs.entries())
    for (const { test, verdict, detail } of run.filter((each) => each.verdict !== "steady"))
      details.push(`${title}, run ${at + 1}, ${verdict}: ${test}: ${detail}`);
}

/** One run of the whole suite, from its own archive, against the installed package. */
function guarded(program: string, suite: Suite): readonly Judged[] {
  const folder = unpacked(program, suite);
  const results = join(folder, "guarded.xml");
  rmSync(results, { force: true });
  const words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "deadweight._pytest_plugin", "--deadweight"];
  const { stdout, stderr } = spawnSync(program, [...words, "-o", "addopts=", "--junitxml", results, suite.tests], {
    cwd: folder,
    env: { ...process.env, PYTHONPATH: SOURCES },
    encoding: "utf8",
    timeout: SUITE_LIMIT_MS,
  });
  if (!existsSync(results)) throw new Error(`the tests of ${suite.name} did not run: ${(stdout + stderr).slice(-500)}`);
  const cases = [...readFileSync(results, "utf8").matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)];
  if (cases.length === 0) throw new Error(`no test of ${suite.name} was found: ${(stdout + stderr).slice(-500)}`);
  return cases.map(judged);
}

function judged([, attributes = "", body = ""]: RegExpMatchArray): Judged {
  const attribute = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
  const properties = [...body.matchAll(/<property name="([^"]*)" value="([^"]*)"/g)];
  const said = properties.find(([, name]) => name === "deadweight")?.[2] ?? "";
  const grown = properties.filter(([, name]) => name !== "deadweight").map(([, , value]) => value);
  const kind = /^(steady|not repeatable|leak)/.exec(said)?.[1];
  const isSkipped = body.includes("<skipped");
  const verdict = kind ?? (isSkipped ? "skipped" : body.includes("<failure") ? "failed" : "not guarded");
  return { test: `${attribute("classname")}.${attribute("name")}`, verdict, detail: [said, ...grown].join("; ") };
}

/** The source archive, fetched once. */
function unpacked(program: string, { name, version }: Suite): string {
  const place = join(ARCHIVES, `${name}-${version}`);
  const inside = (): string | undefined =>
    (existsSync(place) ? readdirSync(place) : []).find((each) => !each.endsWith(".gz"));
  if (inside() === undefined) {
    mkdirSync(place, { recursive: true });
    run(program, [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--no-deps",
      "--no-binary=:all:",
      "-d",
      place,
      `${name}==${version}`,
    ]);
    const archive = readdirSync(place).find((each) => each.endsWith(".gz")) ?? "";
    run("tar", ["-xzf", join(place, archive), "-C", place]);
  }
  return join(place, inside() ?? "");
}

function run(program: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${stderr}`);
}
