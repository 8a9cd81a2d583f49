// The table of tools/real-leaks: released libraries with leaks that their authors have described, and what must be said of each.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CauseId } from "../../src/model/diagnosis.ts";
import type { KnownHolder, KnownLeak } from "../../src/diagnose/known-leaks.ts";

/** A line that puts in what stays: its file ends like this, and this is in it. */
export interface ExpectedLine {
  readonly file: string;
  readonly code: string;
}

/** One row of cases.json. */
export interface RealLeak {
  readonly id: string;
  /** On the package index; "cpython" stands for the interpreter, whose versions are minors. */
  readonly package: string;
  readonly leaky: string;
  /** Null when no release has fixed it. */
  readonly fixed: string | null;
  readonly needs: readonly string[];
  /** Clauses on the version of Python: ">=3.8,<3.11". */
  readonly python: string;
  readonly holder: KnownHolder;
  /** Any of them is right; empty for native memory, which no line of Python fills. */
  readonly lines: readonly ExpectedLine[];
  /** When another cause than that of the known leak is right as well. */
  readonly causes?: readonly CauseId[];
  /** Entry of data/known-leaks.json. */
  readonly known: string | null;
  /** The holder ends at a maximum: that it fills, and who it is, is a right answer. */
  readonly isBounded?: boolean;
  /** Calls of `exercise` at once, and the pause after them. */
  readonly load: { readonly calls: number; readonly pauseSeconds: number };
  readonly warmUp: number;
  readonly exercise: number;
  /** Added after the tool was tuned, and run once before anything was changed for it. */
  readonly isHoldout?: boolean;
  readonly note: string | null;
}

/** All cases, and the entries that they must be matched with. */
export function readRealLeaks(): { readonly cases: readonly RealLeak[]; readonly known: readonly KnownLeak[] } {
  const { cases } = readJson("cases.json") as { readonly cases: readonly RealLeak[] };
  const { leaks } = readJson("../../data/known-leaks.json") as { readonly leaks: readonly KnownLeak[] };
  const lost = cases.filter(({ known }) => known !== null && !leaks.some(({ id }) => id === known));
  if (lost.length > 0) throw new Error(`data/known-leaks.json has no ${lost.map(({ known }) => known).join(", ")}`);
  return { cases, known: leaks };
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));
}
