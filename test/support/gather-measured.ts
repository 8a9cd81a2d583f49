// After all test files: prints what they have measured of each interpreter as one table, and holds README.md to it. `UPDATE_GOLDEN=1` writes
// the measured cells into it; what was not measured stays.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ExactnessRow,
  fillTable,
  joinRows,
  printTable,
  readTable,
  staleCells,
  withoutRow,
} from "../../tools/exactness-table.ts";
import { MEASURED_FOLDER, readMeasured } from "./measured.ts";

const README = join(import.meta.dirname, "../../README.md");
const NO_TABLE = "It has no table with the columns of tools/exactness-table.ts.";

/** Answers what runs at the end. The run has failed when the README says something else. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "deadweight-measured-"));
  process.env[MEASURED_FOLDER] = folder;
  return () => {
    try {
      const measured = joinRows(readMeasured(folder));
      if (measured.length > 0) process.stdout.write(`\n${printTable(measured)}\n\n${judgeReadme(measured)}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** The sentences that stand below the table. */
function judgeReadme(measured: readonly ExactnessRow[]): string {
  if (process.env["UPDATE_GOLDEN"] === "1") update(measured);
  const kept = readTable(readFileSync(README, "utf8"));
  const stale = kept === null ? [NO_TABLE] : staleCells(kept, measured);
  if (kept === null || stale.length > 0) {
    // vitest reports an error that is thrown here and lets the run pass.
    process.exitCode = 1;
    return ["README.md differs; UPDATE_GOLDEN=1 writes it.", ...stale].join("\n");
  }
  const missing = withoutRow(kept, measured);
  const rest = missing.length === 0 ? "" : ` It has no row of ${missing.join(", ")}.`;
  return `README.md says what was measured, as far as it has a row.${rest}`;
}

function update(measured: readonly ExactnessRow[]): void {
  const filled = fillTable(readFileSync(README, "utf8"), measured);
  if (filled !== null) writeFileSync(README, filled);
}
