// Runs released libraries with documented leaks, in the leaking and in the fixed version, and prints one table. Ends with code 1
// when anything is missed.
//
//   npx tsx tools/real-leaks/run.ts                       every case; versions are installed with pip when they are first needed
//   npx tsx tools/real-leaks/run.ts pydantic sentry       only cases whose name has one of these words
//   npx tsx tools/real-leaks/run.ts --side leaky          not the fixed versions; `--side fixed` only these
//   npx tsx tools/real-leaks/run.ts --services            what each holder keeps before and after more calls, without the tool
//   --python 3.10,3.11   only on these                    --environments FOLDER   where versions are installed
//   --for SECONDS   how long diagnose watches (20)        --parallel N   services at once (2)
//   --tool FILE     the built tool (dist/cli/main.js)     --save FOLDER  keep each diagnosis as JSON

import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import type { KnownLeak } from "../../src/diagnose/known-leaks.ts";
import type { Diagnosis } from "../../src/model/diagnosis.ts";
import { findInterpreters, type TestInterpreter } from "../../test/support/interpreters.ts";
import { inParallel } from "../leak-corpus/in-parallel.ts";
import { type RealLeak, readRealLeaks } from "./cases.ts";
import { environmentFor, interpreterFor } from "./environment.ts";
import { type Judgement, judgeFixed, judgeLeaky, noAnswer } from "./judge-case.ts";
import { resultTable } from "./result-table.ts";
import { diagnoseCase } from "./diagnose-case.ts";

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string" },
    side: { type: "string", default: "leaky,fixed" },
    services: { type: "boolean", default: false },
    for: { type: "string", default: "20" },
    parallel: { type: "string", default: "2" },
    tool: { type: "string", default: join(import.meta.dirname, "../../dist/cli/main.js") },
    environments: {
      type: "string",
      default: join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "deadweight", "real-leaks"),
    },
    save: { type: "string" },
  },
});

/** One version of a library. */
interface Run {
  readonly leak: RealLeak;
  readonly side: "leaky" | "fixed";
  readonly version: string;
  readonly python: TestInterpreter;
}

interface RunResult extends Run {
  readonly judgement: Judgement;
}

function chosenRuns(cases: readonly RealLeak[]): readonly Run[] {
  const chosen = words.length === 0 ? cases : cases.filter(({ id }) => words.some((word) => id.includes(word)));
  if (chosen.length === 0) throw new Error(`no case has ${words.join(" or ")} in its name`);
  const wanted = options.python?.split(",") ?? [];
  const pythons = findInterpreters().filter(
    ({ minor, version }) => wanted.length === 0 || wanted.includes(version) || wanted.includes(`3.${minor}`),
  );
  const sides = (["leaky", "fixed"] as const).filter((side) => options.side.split(",").includes(side));
  return chosen.flatMap((leak) =>
    sides.flatMap((side): readonly Run[] => {
      const version = leak[side];
      if (version === null) return [];
      const python = interpreterFor(leak, version, pythons);
      if (python !== null) return [{ leak, side, version, python }];
      console.error(`${leak.id} ${version}: no interpreter for it here`);
      return [];
    }),
  );
}

async function judgeRun(run: Run, known: readonly KnownLeak[]): Promise<RunResult> {
  const { leak, side, version, python } = run;
  try {
    const program = await environmentFor(leak, version, python, options.environments);
    const settings = { tool: [process.execPath, options.tool], watchSeconds: Number(options.for) };
    const diagnosis = await diagnoseCase(leak, program, settings);
    save(run, diagnosis);
    const cause = known.find(({ id }) => id === leak.known)?.cause;
    const causes = [...(cause === undefined ? [] : [cause]), ...(leak.causes ?? [])];
    const judgement = side === "leaky" ? judgeLeaky(leak, causes, diagnosis) : judgeFixed(diagnosis);
    return { ...run, judgement };
  } catch (error) {
    return { ...run, judgement: noAnswer(String(error)) };
  }
}

function save({ leak, side }: Run, diagnosis: Diagnosis): void {
  if (options.save === undefined) return;
  mkdirSync(options.save, { recursive: true });
  writeFileSync(join(options.save, `${leak.id}-${side}.json`), `${JSON.stringify(diagnosis, null, 2)}\n`);
}

/** True when the holder grows in the leaking version and does not in the fixed one. */
async function proveRun({ leak, side, version, python }: Run): Promise<boolean> {
  const program = await environmentFor(leak, version, python, options.environments);
  const here = import.meta.dirname;
  const script = join(here, "cases", `${leak.id}.py`);
  const args = ["-W", "ignore", join(here, "prove.py"), script, String(leak.warmUp), String(leak.exercise)];
  const { stdout } = await promisify(execFile)(program, args, { timeout: 300_000 });
  const { before, after } = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as { before: number; after: number };
  const grown = after - before;
  const isAsClaimed = side === "leaky" ? grown >= leak.exercise / 2 : grown <= leak.exercise / 10;
  console.log(
    `${isAsClaimed ? "ok  " : "MISS"}  ${leak.id} ${version}: ${grown >= 0 ? "+" : ""}${grown} in ${leak.exercise} calls`,
  );
  return isAsClaimed;
}

const { cases, known } = readRealLeaks();
const runs = chosenRuns(cases);
if (options.services) {
  const proofs = await inParallel(runs, Number(options.parallel), proveRun);
  if (proofs.includes(false)) process.exitCode = 1;
} else {
  const results = await inParallel(
    runs,
    Number(options.parallel),
    (run) => judgeRun(run, known),
    ({ leak, side, judgement: { misses } }) =>
      process.stderr.write(misses.length === 0 ? "." : `\n${leak.id} ${side}: ${misses.join("; ")}\n`),
  );
  process.stderr.write("\n");
  console.log(resultTable(results));
  if (results.some(({ judgement }) => judgement.misses.length > 0)) process.exitCode = 1;
}
