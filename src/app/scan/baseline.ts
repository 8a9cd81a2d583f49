// The findings that were there when somebody began to use the tool: a count per file and rule, because lines move. As in
// ESLint, one more than the count brings all of them back: nobody can say which is the new one.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Finding } from "../../model/finding.ts";
import { reasonOf } from "./discover-files.ts";
import { shownPath } from "./shown-path.ts";

/** Counts by file (relative to the baseline's folder) and code. */
export type Baseline = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface BaselineFile {
  readonly schema: "deadweight/baseline@1";
  readonly files: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface Baselined {
  readonly findings: readonly Finding[];
  readonly count: number;
  /** Findings that the baseline expects and that are gone. */
  readonly stale: number;
}

/** Reads the baseline at `path` (absolute). Fails with a sentence. */
export function readBaseline(path: string): Result<Baseline, string> {
  try {
    // Some devices can be read without end.
    if (!statSync(path).isFile()) return fail(`the baseline ${path} cannot be read: it is no file`);
    const document: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isBaseline(document)
      ? ok(new Map(Object.entries(document.files).map(([file, codes]) => [file, new Map(Object.entries(codes))])))
      : fail(
          `${path} is no baseline of deadweight; write one with: deadweight scan --baseline ${path} --write-baseline`,
        );
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is not valid JSON" : reasonOf(error);
    return fail(
      `the baseline ${path} cannot be read (${reason}); write one with: deadweight scan --baseline ${path} --write-baseline`,
    );
  }
}

function isBaseline(document: unknown): document is BaselineFile {
  if (typeof document !== "object" || document === null || !("schema" in document) || !("files" in document))
    return false;
  const { schema, files } = document;
  const isCounts = (codes: unknown): boolean =>
    typeof codes === "object" && codes !== null && Object.values(codes).every((count) => Number.isInteger(count));
  return (
    schema === "deadweight/baseline@1" &&
    typeof files === "object" &&
    files !== null &&
    Object.values(files).every(isCounts)
  );
}

/** `folder` is where the scan began; `path` is the baseline's file. */
export function applyBaseline(
  findings: readonly Finding[],
  baseline: Baseline,
  path: string,
  folder: string,
  /** Files that were scanned; what the baseline says of others is not stale, unless they are gone. */
  scanned: ReadonlySet<string>,
): Baselined {
  const counts = countFindings(findings, path, folder);
  const isKnown = (finding: Finding): boolean => {
    const file = fileInBaseline(finding.file, path, folder);
    return (counts.get(file)?.get(finding.code) ?? 0) <= (baseline.get(file)?.get(finding.code) ?? 0);
  };
  const kept = findings.filter((finding) => !isKnown(finding));
  let stale = 0;
  for (const [file, codes] of baseline) {
    const absolute = resolve(dirname(path), file);
    if (!scanned.has(shownPath(absolute, folder)) && existsSync(absolute)) continue;
    for (const [code, count] of codes) stale += Math.max(0, count - (counts.get(file)?.get(code) ?? 0));
  }
  return { findings: kept, count: findings.length - kept.length, stale };
}

/** Counts per file and code, as a baseline at `path` would hold them. */
export function countFindings(
  findings: readonly Pick<Finding, "file" | "code">[],
  path: string,
  folder: string,
): Baseline {
  const counts = new Map<string, Map<string, number>>();
  for (const { file, code } of findings) {
    const place = fileInBaseline(file, path, folder);
    const codes = counts.get(place) ?? new Map<string, number>();
    counts.set(place, codes.set(code, (codes.get(code) ?? 0) + 1));
  }
  return counts;
}

/** A baseline written now: files that were not scanned keep their counts. */
export function mergeBaseline(old: Baseline, now: Baseline, isScanned: (file: string) => boolean): Baseline {
  const kept = [...old].filter(([file]) => !isScanned(file));
  return new Map([...kept, ...now]);
}

/** `baseline` with what is gone taken out, and nothing added. Files that were not scanned stay as they are. */
export function pruneBaseline(
  baseline: Baseline,
  now: Baseline,
  isScanned: (fileInBaseline: string) => boolean,
): Baseline {
  const pruned = new Map<string, ReadonlyMap<string, number>>();
  for (const [file, codes] of baseline) {
    if (!isScanned(file)) {
      pruned.set(file, codes);
      continue;
    }
    const left = [...codes].flatMap(([code, count]): [string, number][] => {
      const still = Math.min(count, now.get(file)?.get(code) ?? 0);
      return still > 0 ? [[code, still]] : [];
    });
    if (left.length > 0) pruned.set(file, new Map(left));
  }
  return pruned;
}

/** Writes it whole or not at all, sorted, so that a difference in version control is small. Fails with a sentence. */
export function writeBaseline(baseline: Baseline, path: string): Result<null, string> {
  const files = Object.fromEntries(
    sorted(baseline).map(([file, codes]) => [file, Object.fromEntries(sorted(codes))] as const),
  );
  const document: BaselineFile = { schema: "deadweight/baseline@1", files };
  const partial = `${path}.${process.pid}.partial`;
  try {
    // Renaming over a device or a pipe would put a file in its place.
    if (existsSync(path) && !statSync(path).isFile())
      return fail(`the baseline ${path} cannot be written: it is no file`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(partial, `${JSON.stringify(document, null, 2)}\n`);
    renameSync(partial, path);
    return ok(null);
  } catch (error) {
    rmSync(partial, { force: true });
    return fail(`the baseline ${path} cannot be written: ${reasonOf(error)}`);
  }
}

function sorted<Value>(entries: ReadonlyMap<string, Value>): [string, Value][] {
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function fileInBaseline(file: string, path: string, folder: string): string {
  return relative(dirname(path), resolve(folder, file)).replaceAll("\\", "/");
}
