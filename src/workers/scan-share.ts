// One file: bytes in, what it contributes to the project out. No rule and no source can stop the scan: what goes wrong in a
// file is a problem of that file.

import { createHash } from "node:crypto";
import { emptyCFacts, type CFileFacts } from "../csource/c-file-facts.ts";
import { readCFacts, reasonToSkipC } from "../csource/read-c-facts.ts";
import { readCythonFacts } from "../csource/read-cython-facts.ts";
import { loadCParser, type ParseC } from "../parsers/c-from-tree-sitter.ts";
import { readPythonFile } from "../parsers/read-python-file.ts";
import { collectFacts } from "../python/extract-facts.ts";
import type { FileView } from "../python/file-view.ts";
import { lineCount, lineTableOf, positionAt } from "../python/line-table.ts";
import { decodeSource } from "../python/source-text.ts";
import type { Rule } from "../rules/rule.ts";
import { collectEvidence, type VisitorTable, visitorTable } from "./collect-evidence.ts";
import { type FileReader, openFileReader } from "./file-reader.ts";
import { cSuppressions, cythonSuppressions, pythonSuppressions } from "./find-suppressions.ts";
import { collectTree, LARGE_SOURCE_BYTES } from "./large-source.ts";
import type { FileScan, ScanDone, ScanJob } from "./scan-jobs.ts";

/** What scanning needs, the rules included. */
export interface ScanTools {
  readonly visitors: VisitorTable;
  /** Null: no C file is among the jobs. */
  readonly parseC: ParseC | null;
  readonly files: FileReader;
}

/** Loads what these jobs need; keeps what `known` has already. */
export async function openScanTools(
  rules: readonly Rule[],
  jobs: readonly ScanJob[],
  known: ScanTools | null = null,
): Promise<ScanTools> {
  const { visitors, files } = known ?? { visitors: visitorTable(rules), files: openFileReader() };
  const isWanted = jobs.some((job) => job.language === "c");
  const parseC = known?.parseC ?? (isWanted ? await loadCParser() : null);
  return { visitors, parseC, files };
}

/** Reads and scans one file. Time grows with its size. */
export function scanOne(job: ScanJob, tools: ScanTools): ScanDone {
  let bytes: Uint8Array;
  try {
    bytes = job.bytes ?? tools.files.read(job.absolute);
  } catch (error) {
    return { kind: "unreadable", reason: error instanceof Error ? error.message : String(error) };
  }
  const hash = createHash("sha1").update(bytes).digest("base64");
  if (hash === job.knownHash) return { kind: "known", hash };
  const scan = scanBytes(job, bytes, tools);
  if (bytes.length >= LARGE_SOURCE_BYTES) collectTree();
  return { kind: "scanned", hash, scan };
}

/** The same for contents that are at hand. Never throws for what is in them. */
export function scanBytes(job: ScanJob, bytes: Uint8Array, tools: ScanTools): FileScan {
  try {
    if (job.language === "c") return scanC(job, bytes, tools.parseC);
    return job.language === "cython" ? scanCython(job, bytes) : scanPython(job, bytes, tools.visitors);
  } catch (error) {
    const message = `It could not be scanned because of a bug in deadweight (${wordsOf(error)}).`;
    return {
      path: job.path,
      lines: 0,
      facts: null,
      cFacts: null,
      evidence: {},
      suppressions: [],
      problems: [{ file: job.path, line: null, column: null, message }],
    };
  }
}

function scanPython(job: ScanJob, bytes: Uint8Array, visitors: VisitorTable): FileScan {
  const { path, module, isPackage, isTest, neighbours } = job;
  const identity = { path, module, isPackage, isTest, ...(neighbours === undefined ? {} : { neighbours }) };
  const { view, lines, problems } = readPythonFile(identity, bytes);
  const facts = collectFacts(view);
  const collected = collectEvidence(view, visitors, facts.enter);
  return {
    path,
    lines,
    facts: facts.finish(),
    cFacts: null,
    evidence: collected.evidence,
    suppressions: pythonSuppressions(view),
    problems: [...problems, ...collected.problems],
  };
}

function scanC({ path }: ScanJob, bytes: Uint8Array, parseC: ParseC | null): FileScan {
  const { text } = decodeSource(bytes);
  const skipped = reasonToSkipC(text);
  const tree = skipped === null ? (parseC?.(text) ?? null) : null;
  const cFacts = tree === null ? { ...emptyCFacts(path, "c"), skipped: skipped ?? "too-deep" } : readCFacts(path, tree);
  return withoutPython(path, text, cFacts, cSuppressions(text, rangesIn(path, text)));
}

function scanCython({ path }: ScanJob, bytes: Uint8Array): FileScan {
  const { text } = decodeSource(bytes);
  return withoutPython(path, text, readCythonFacts(path, text), cythonSuppressions(text, rangesIn(path, text)));
}

function withoutPython(
  path: string,
  text: string,
  cFacts: CFileFacts,
  suppressions: FileScan["suppressions"],
): FileScan {
  const lines = lineCount(text, lineTableOf(text));
  return { path, lines, facts: null, cFacts, evidence: {}, suppressions, problems: [] };
}

function rangesIn(file: string, text: string): FileView["rangeOf"] {
  const table = lineTableOf(text);
  return ({ start, end }) => {
    const [from, to] = [positionAt(table, start), positionAt(table, end)];
    return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
