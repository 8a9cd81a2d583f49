// The table that a run prints: Markdown, so that it can stand in docs/real-leaks.md as it is.

import type { Judgement } from "./judge-case.ts";

/** What is shown of one version of a library. */
export interface ResultRow {
  readonly leak: { readonly package: string; readonly id: string; readonly isHoldout?: boolean };
  readonly side: "leaky" | "fixed";
  readonly version: string;
  readonly python: { readonly minor: number };
  readonly judgement: Judgement;
}

const HEADINGS = ["", "case", "version", "Python", "verdict", "cause", "holder", "line", "known"] as const;

/** One row per version, then what was missed, then counts. */
export function resultTable(rows: readonly ResultRow[]): string {
  const cells = rows.map(cellsOf);
  const misses = rows.flatMap(({ leak, side, judgement }) =>
    judgement.misses.map((miss) => `* ${leak.id} ${side}: ${miss}`),
  );
  return [
    `| ${HEADINGS.join(" | ")} |`,
    `|${HEADINGS.map(() => "---").join("|")}|`,
    ...cells.map((row) => `| ${row.join(" | ")} |`),
    "",
    ...misses,
    ...(misses.length > 0 ? [""] : []),
    [...countRight(rows, "leaky"), ...countRight(rows, "fixed")].join(", "),
  ].join("\n");
}

function cellsOf({ leak, side, version, python, judgement }: ResultRow): readonly string[] {
  const { verdict, cause, holder, line, known, misses } = judgement;
  const name = `${leak.id}${leak.isHoldout === true ? " (holdout)" : ""}`;
  const quoted = (text: string): string => (text === "-" ? "" : `\`${text.replaceAll("|", "\\|")}\``);
  return [
    misses.length === 0 ? "ok" : "MISS",
    name,
    `${version}${side === "fixed" ? ", fixed" : ""}`,
    `3.${python.minor}`,
    verdict,
    cause === "-" ? "" : cause,
    quoted(holder),
    quoted(line),
    known === "-" ? "" : "yes",
  ];
}

function countRight(rows: readonly ResultRow[], wanted: "leaky" | "fixed"): readonly string[] {
  const those = rows.filter(({ side }) => side === wanted);
  const right = those.filter(({ judgement }) => judgement.misses.length === 0).length;
  if (those.length === 0) return [];
  return [
    `${right} of ${those.length} ${wanted === "leaky" ? "leaking versions right" : "fixed versions without alarm"}`,
  ];
}
