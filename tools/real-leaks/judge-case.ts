// Compares what `diagnose` said of a library with what cases.json says.

import type { CauseId, Diagnosis, Leak, LeakSite } from "../../src/model/diagnosis.ts";
import { fitsKnownHolder } from "../../src/diagnose/known-leaks.ts";
import type { ExpectedLine, RealLeak } from "./cases.ts";

/** One row of the printed table. */
export interface Judgement {
  readonly verdict: string;
  readonly cause: string;
  readonly holder: string;
  /** The expected line as it was named, else the first that was; "-" for none. */
  readonly line: string;
  readonly known: string;
  readonly misses: readonly string[];
}

/** `causes`: that of the known leak first. */
export function judgeLeaky(leak: RealLeak, causes: readonly CauseId[], diagnosis: Diagnosis): Judgement {
  const { leaks, verdict, dismissed } = diagnosis;
  const filling = dismissed.find(({ holder }) => fitsKnownHolder(leak.holder, holder));
  if (leak.isBounded === true && verdict === "filling" && filling !== undefined)
    return { ...rowOf(diagnosis, null, null), holder: filling.holder.path, misses: [] };
  const blamed = leaks.find(({ holder }) => fitsKnownHolder(leak.holder, holder)) ?? null;
  const site = blamed?.sites.find((each) => isExpected(leak.lines, each)) ?? null;
  const right = ["leak", "suspect", ...(leak.holder.kind === "native" ? ["native"] : [])];
  const others = leaks.map(({ holder }) => holder.path).join(", ");
  const misses = [
    ...(right.includes(verdict) ? [] : [`verdict ${verdict}`]),
    ...(blamed === null ? [`blamed instead: ${others || "nobody"}`] : missesOf(leak, blamed, causes, site)),
  ];
  return { ...rowOf(diagnosis, blamed ?? leaks[0] ?? null, site), misses };
}

function missesOf(
  { lines, known }: RealLeak,
  blamed: Leak,
  causes: readonly CauseId[],
  site: LeakSite | null,
): readonly string[] {
  const misses = causes.includes(blamed.cause) ? [] : [`cause ${blamed.cause} is not ${causes.join(" or ")}`];
  if (lines.length > 0 && site === null)
    misses.push(`none of these lines is right: ${blamed.sites.map(spelled).join(", ") || "none"}`);
  const matched = blamed.known?.id ?? null;
  if (matched !== known) misses.push(`known leak ${matched ?? "none"}`);
  return misses;
}

/** Nothing may be blamed beyond "possible". */
export function judgeFixed(diagnosis: Diagnosis): Judgement {
  const blamed = diagnosis.leaks.filter(({ confidence }) => confidence !== "possible");
  const misses = blamed.map(({ holder, confidence }) => `${holder.path} is blamed (${confidence})`);
  if (diagnosis.verdict === "leak" || diagnosis.verdict === "suspect") misses.unshift(`verdict ${diagnosis.verdict}`);
  return { ...rowOf(diagnosis, blamed[0] ?? null, null), misses };
}

/** When there was no answer. */
export function noAnswer(because: string): Judgement {
  return { verdict: "-", cause: "-", holder: "-", line: "-", known: "-", misses: [because] };
}

function rowOf({ verdict }: Diagnosis, leak: Leak | null, site: LeakSite | null): Omit<Judgement, "misses"> {
  const line = site ?? leak?.sites[0] ?? null;
  return {
    verdict,
    cause: leak?.cause ?? "-",
    holder: leak?.holder.path ?? "-",
    line: line === null ? "-" : spelled(line),
    known: leak?.known?.id ?? "-",
  };
}

function isExpected(lines: readonly ExpectedLine[], site: LeakSite): boolean {
  return lines.some(({ file, code }) => site.file.endsWith(file) && site.code.includes(code));
}

/** The last two parts of the path say enough. */
function spelled({ file, line }: LeakSite): string {
  return `${file.split("/").slice(-2).join("/")}:${line}`;
}
