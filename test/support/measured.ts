// What a run of the tests has measured, from whatever thread it was measured in, until the run ends and gather-measured.ts prints it.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExactnessRow } from "../../tools/exactness-table.ts";
import { describeInterpreter, type TestInterpreter } from "./interpreters.ts";

/** Names the folder; a thread inherits it. */
export const MEASURED_FOLDER = "DEADWEIGHT_MEASURED";

/** Says what was measured on an interpreter. `test` keeps two test files that measure the same one apart. */
export function keepMeasured(test: string, python: TestInterpreter, cells: ExactnessRow["cells"]): void {
  const folder = process.env[MEASURED_FOLDER];
  if (folder === undefined) throw new Error(`${MEASURED_FOLDER} is not set: gather-measured.ts did not run`);
  const name = describeInterpreter(python);
  writeFileSync(join(folder, `${test} ${name}.json`), JSON.stringify({ python: name, cells }));
}

export function readMeasured(folder: string): readonly ExactnessRow[] {
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as ExactnessRow);
}
