// `diagnose` on the fast part of examples/leaks: cause, holder and insert line of every leak, silence on twins and on what
// is no leak. The whole table, on any version: npx tsx tools/leak-corpus/run.ts

import { join } from "node:path";
import { expect, it } from "vitest";
import { readCases } from "../../tools/leak-corpus/cases.ts";
import { inParallel } from "../../tools/leak-corpus/in-parallel.ts";
import { resultTable } from "../../tools/leak-corpus/result-table.ts";
import { runCase } from "../../tools/leak-corpus/run-case.ts";
import { findInterpreters } from "../support/interpreters.ts";

const TOOL = join(import.meta.dirname, "../../dist/cli/main.js");
const WATCH_SECONDS = 20;
/** They mostly sleep. */
const AT_ONCE = 6;
const LIMIT_MS = 420_000;
const found = findInterpreters();
const cases = readCases().filter(({ row }) => row.isFast === true);

it(
  `diagnoses ${cases.length} services under traffic`,
  async () => {
    const numbered = cases.map((leakCase, index) => ({ leakCase, python: found[index % found.length]!.path }));
    const results = await inParallel(numbered, AT_ONCE, ({ leakCase, python }) =>
      runCase(leakCase, { python, tool: [process.execPath, TOOL], watchSeconds: WATCH_SECONDS }),
    );
    const table = resultTable(results);
    process.stdout.write(`${table}\n`);
    expect(results.filter(({ judgement }) => judgement.misses.length > 0).length, table).toBe(0);
  },
  LIMIT_MS,
);
