// Compares what `diagnose` said of a case with what the table says it must say.

import type { Diagnosis, Leak } from "../../src/model/diagnosis.ts";
import type { LeakCase, MarkedLine } from "./cases.ts";

/** One row of the printed table. */
export interface Judgement {
  readonly expected: string;
  readonly verdict: string;
  readonly cause: string;
  readonly holder: string;
  /** Whether an insert line of the leak is a marked one; null where none is wanted. */
  readonly isLineRight: boolean | null;
  /** What is wrong, in words; empty when all is right. */
  readonly misses: readonly string[];
}

/** Judges one answer. The leak that matches best stands in the row; whatever else is blamed beside it is a miss. */
export function judgeCase(leakCase: LeakCase, diagnosis: Diagnosis): Judgement {
  const { kind, row, sites } = leakCase;
  const blamed = diagnosis.leaks.find((leak) => isHolder(leakCase, leak)) ?? diagnosis.leaks[0] ?? null;
  const wantsLine = kind === "leak" && row.holder !== null;
  const isLineRight = wantsLine ? blamed !== null && blamed.sites.some((site) => isMarked(sites, site)) : null;
  const verdicts = leakCase.verdicts.includes(diagnosis.verdict)
    ? []
    : [`verdict ${diagnosis.verdict} is not ${leakCase.verdicts.join(" or ")}`];
  return {
    expected: [...(kind === "leak" ? row.causes : []), leakCase.verdicts.join("|")].join(" "),
    verdict: diagnosis.verdict,
    cause: blamed?.cause ?? "-",
    holder: blamed === null ? "-" : `${blamed.holder.kind} ${blamed.holder.path}`,
    isLineRight,
    misses: [
      ...verdicts,
      ...(kind === "leak" ? missesOfLeak(leakCase, blamed, isLineRight) : []),
      ...unjustlyBlamed(leakCase, diagnosis, blamed),
    ],
  };
}

function missesOfLeak({ row }: LeakCase, blamed: Leak | null, isLineRight: boolean | null): readonly string[] {
  if (blamed === null) return ["no holder is blamed"];
  const { holder, cause } = blamed;
  const misses = row.causes.includes(cause) ? [] : [`cause ${cause} is not ${row.causes.join(" or ")}`];
  if (row.holder !== null) {
    if (!new RegExp(row.holder.path).test(holder.path))
      misses.push(`holder ${holder.path} is not /${row.holder.path}/`);
    if (!row.holder.kinds.includes(holder.kind))
      misses.push(`kind ${holder.kind} is not ${row.holder.kinds.join(" or ")}`);
  } else if (holder.kind !== "native") misses.push(`${holder.path} is blamed for native memory`);
  if (isLineRight === false) misses.push(`no marked line among ${linesOf(blamed)}`);
  return misses;
}

/** A possible leak says itself that something speaks against it; any other must be the one that is there. */
function unjustlyBlamed({ kind }: LeakCase, { leaks }: Diagnosis, blamed: Leak | null): readonly string[] {
  return leaks
    .filter((leak) => kind !== "leak" || (leak !== blamed && leak.confidence !== "possible"))
    .map(({ holder, confidence }) => `${holder.path} is blamed (${confidence})`);
}

function isHolder({ row, kind }: LeakCase, { holder, cause }: Leak): boolean {
  if (kind !== "leak") return false;
  if (row.holder === null) return holder.kind === "native" || row.causes.includes(cause);
  return new RegExp(row.holder.path).test(holder.path);
}

function isMarked(marked: readonly MarkedLine[], site: { readonly file: string; readonly line: number }): boolean {
  return marked.some(({ file, line }) => line === site.line && (file === site.file || file.endsWith(`/${site.file}`)));
}

function linesOf({ sites }: Leak): string {
  return sites.length === 0 ? "none" : sites.map(({ file, line }) => `${file}:${line}`).join(", ");
}
