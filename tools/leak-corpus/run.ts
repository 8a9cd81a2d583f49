// Runs the corpus of examples/leaks and prints one table. Ends with code 1 when anything is missed.
//
//   npx tsx tools/leak-corpus/run.ts                      every case, on the newest Python found
//   npx tsx tools/leak-corpus/run.ts l10 n04              only cases whose name has one of these words
//   npx tsx tools/leak-corpus/run.ts --fast               only the few that `npm test` runs
//   npx tsx tools/leak-corpus/run.ts --kind leak          no twins (fixed) and nothing that is no leak (non-leak)
//   npx tsx tools/leak-corpus/run.ts --python 3.8,3.13    on these versions; `--python all` on all found
//   npx tsx tools/leak-corpus/run.ts --services           checks the services themselves, without the tool
//   --for SECONDS   how long diagnose watches (25)        --parallel N   cases at once (4)
//   --tool FILE     the built tool (dist/cli/main.js)     --save FOLDER  keep each diagnosis as JSON

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findInterpreters, type TestInterpreter } from "../../test/support/interpreters.ts";
import { type LeakCase, readCases } from "./cases.ts";
import { checkService } from "./check-service.ts";
import { inParallel } from "./in-parallel.ts";
import { resultTable } from "./result-table.ts";
import { type CaseResult, runCase } from "./run-case.ts";

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string" },
    fast: { type: "boolean", default: false },
    kind: { type: "string", default: "leak,fixed,non-leak" },
    services: { type: "boolean", default: false },
    for: { type: "string", default: "25" },
    parallel: { type: "string", default: "4" },
    tool: { type: "string", default: join(import.meta.dirname, "../../dist/cli/main.js") },
    save: { type: "string" },
  },
});

function chosenCases(): readonly LeakCase[] {
  const kinds = options.kind.split(",");
  const all = readCases().filter(({ row, kind }) => kinds.includes(kind) && (!options.fast || row.isFast === true));
  const chosen = words.length === 0 ? all : all.filter(({ id }) => words.some((word) => id.includes(word)));
  if (chosen.length === 0) throw new Error(`no case has ${words.join(" or ")} in its name`);
  return chosen;
}

function chosenPythons(): readonly TestInterpreter[] {
  const found = findInterpreters();
  if (options.python === "all") return found;
  if (options.python === undefined) return found.slice(-1);
  return options.python.split(",").map((wanted) => {
    const python = found.find(({ path, version, minor }) => [path, version, `3.${minor}`].includes(wanted));
    if (python === undefined) throw new Error(`found no Python ${wanted}`);
    return python;
  });
}

/** True when all services do what the table says. */
async function checkServices(python: TestInterpreter, cases: readonly LeakCase[]): Promise<boolean> {
  const checks = await inParallel(
    cases,
    Number(options.parallel),
    (leakCase) => checkService(leakCase, python.path),
    ({ leakCase, growthPerRequest, misses }) => {
      const growth = growthPerRequest.toFixed(2).padStart(9);
      console.log(
        `${misses.length === 0 ? "ok  " : "MISS"}  ${leakCase.id.padEnd(34)} ${growth}  ${misses.join("; ")}`,
      );
    },
  );
  return checks.every(({ misses }) => misses.length === 0);
}

/** True when nothing was missed. */
async function diagnoseCases(python: TestInterpreter, cases: readonly LeakCase[]): Promise<boolean> {
  const settings = {
    python: python.path,
    tool: [process.execPath, options.tool],
    watchSeconds: Number(options.for),
  };
  const results = await inParallel(
    cases,
    Number(options.parallel),
    (leakCase) => runCase(leakCase, settings),
    (result) => {
      const { misses } = result.judgement;
      process.stderr.write(misses.length === 0 ? "." : `\n${result.leakCase.id}: ${misses.join("; ")}\n`);
      save(python, result);
    },
  );
  process.stderr.write("\n");
  console.log(resultTable(results));
  return results.every(({ judgement }) => judgement.misses.length === 0);
}

function save(python: TestInterpreter, { leakCase, diagnosis }: CaseResult): void {
  if (options.save === undefined || diagnosis === null) return;
  mkdirSync(options.save, { recursive: true });
  const name = `${python.version}-${leakCase.id.replace(" ", "-")}.json`;
  writeFileSync(join(options.save, name), `${JSON.stringify(diagnosis, null, 2)}\n`);
}

const cases = chosenCases();
for (const python of chosenPythons()) {
  console.log(`\nPython ${python.version}, ${cases.length} services`);
  const isRight = options.services ? await checkServices(python, cases) : await diagnoseCases(python, cases);
  if (!isRight) process.exitCode = 1;
}
