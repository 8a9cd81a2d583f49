// The table that a run of the corpus prints.

import type { CaseResult } from "./run-case.ts";

const HEADINGS = ["", "case", "expected", "verdict", "cause", "line", "holder"] as const;

/** One row per case, what was missed below its row, and a last line with the count. */
export function resultTable(results: readonly CaseResult[]): string {
  const rows = results.map(cellsOf);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const body = results.flatMap((result) => [
    line(cellsOf(result)),
    ...result.judgement.misses.map((miss) => `        ${miss}`),
  ]);
  const right = results.filter(({ judgement }) => judgement.misses.length === 0).length;
  return [line(HEADINGS), ...body, `${right} of ${results.length} right`].join("\n");
}

function cellsOf({ leakCase, judgement }: CaseResult): readonly string[] {
  const { expected, verdict, cause, isLineRight, holder, misses } = judgement;
  const lineWord = isLineRight === null ? "-" : isLineRight ? "yes" : "no";
  return [misses.length === 0 ? "ok" : "MISS", leakCase.id, expected, verdict, cause, lineWord, holder];
}
