// The table of examples/leaks: what each service does and what `diagnose` must say of it.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CauseId, ProcessVerdict } from "../../src/model/diagnosis.ts";
import type { HolderKind } from "../../src/model/holder.ts";

export const LEAKS_FOLDER: string = join(import.meta.dirname, "../../examples/leaks");

/** Requests sent from outside, evenly spaced. */
export interface Traffic {
  readonly protocol: "http" | "lines";
  readonly perSecond: number;
  /** So many requests are under way at once at most. */
  readonly connections: number;
  /** From that moment of the traffic on, this many requests per second. */
  readonly steps: readonly { readonly atSeconds: number; readonly perSecond: number }[];
}

/** One service: a leak has a folder `leaky` and its twin `fixed`; what is no leak has neither. */
export interface CaseRow {
  readonly id: string;
  readonly kind: "leak" | "non-leak";
  readonly about: string;
  /** Any of these is right; empty for what is no leak. */
  readonly causes: readonly CauseId[];
  readonly verdicts: readonly ProcessVerdict[];
  /** Null for what is no leak, and for native memory, which has no name. */
  readonly holder: { readonly path: string; readonly kinds: readonly HolderKind[] } | null;
  /** Program below the folder of the case, with `{side}` for leaky or fixed; `service.py` when left out. */
  readonly program?: string;
  readonly traffic?: Partial<Traffic>;
  /** How much the measured size grows per request at least, when it leaks. */
  readonly growthPerRequest?: number;
  /** Descriptors and threads are limited: so many requests of the watch at most. */
  readonly mostRequests?: number;
  /** True for the few that every test run does. */
  readonly isFast?: boolean;
}

/** A service as it is started: one row of the table that the runner prints. */
export interface LeakCase {
  readonly id: string;
  readonly kind: "leak" | "fixed" | "non-leak";
  readonly row: CaseRow;
  readonly folder: string;
  /** Program and its arguments, without `--port`. */
  readonly program: readonly string[];
  readonly traffic: Traffic;
  readonly verdicts: readonly ProcessVerdict[];
  /** Marked in the source by `# leak: here`; empty for what does not leak. */
  readonly sites: readonly MarkedLine[];
}

/** A line of the example that puts in what is never taken out. */
export interface MarkedLine {
  readonly file: string;
  readonly line: number;
}

const MARK = "# leak: here";
const TRAFFIC: Traffic = { protocol: "http", perSecond: 100, connections: 4, steps: [] };
/** What may be said of a process that does not leak. */
const HARMLESS: readonly ProcessVerdict[] = ["steady", "warm-up", "filling", "load", "fragmentation"];

/** All cases, each leak followed by its twin. Throws when the table and the folders disagree. */
export function readCases(): readonly LeakCase[] {
  const rows = JSON.parse(readFileSync(join(LEAKS_FOLDER, "cases.json"), "utf8")) as readonly CaseRow[];
  const folders = readdirSync(LEAKS_FOLDER).filter((name) => /^[ln]\d\d-/.test(name));
  const ids = rows.map(({ id }) => id);
  const odd = [...folders.filter((id) => !ids.includes(id)), ...ids.filter((id) => !folders.includes(id))];
  if (odd.length > 0) throw new Error(`in cases.json or in examples/leaks, but not in both: ${odd.join(", ")}`);
  return rows.flatMap(casesOf);
}

function casesOf(row: CaseRow): readonly LeakCase[] {
  const folder = join(LEAKS_FOLDER, row.id);
  const common = { row, folder, traffic: { ...TRAFFIC, ...row.traffic } };
  if (row.kind === "non-leak") {
    const program = [join(folder, "service.py")];
    return [{ ...common, id: row.id, kind: "non-leak", program, verdicts: row.verdicts, sites: [] }];
  }
  const sites = markedLines(join(folder, "leaky"));
  if (sites.length === 0) throw new Error(`no line of ${row.id}/leaky is marked "${MARK}"`);
  const program = (side: "leaky" | "fixed"): readonly string[] =>
    row.program === undefined
      ? [join(folder, "service.py"), ...(side === "fixed" ? ["--fixed"] : [])]
      : [join(folder, row.program.replace("{side}", side))];
  return [
    { ...common, id: row.id, kind: "leak", program: program("leaky"), verdicts: row.verdicts, sites },
    { ...common, id: `${row.id} fixed`, kind: "fixed", program: program("fixed"), verdicts: HARMLESS, sites: [] },
  ];
}

function markedLines(folder: string): readonly MarkedLine[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".py"));
  return files.flatMap((name) => {
    const file = join(folder, name);
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.flatMap((text, index) => (text.includes(MARK) ? [{ file, line: index + 1 }] : []));
  });
}
