// One file: bytes in, what it contributes to the project out. No rule and no source can stop the scan: what goes wrong in a
// file is a problem of that file.

import { createHash } from "node:crypto";
import type { ScanProblem } from "../model/finding.ts";
import { emptyCFacts, type CFileFacts } from "../csource/c-file-facts.ts";
import { readCFacts, reasonToSkipC } from "../csource/read-c-facts.ts";
import { readCythonFacts } from "../csource/read-cython-facts.ts";
import { loadCParser, type ParseC } from "../parsers/c-from-tree-sitter.ts";
import { readPythonFile } from "../parsers/read-python-file.ts";
import { collectFacts } from "../python/extract-facts.ts";
import type { FileView } from "../python/file-view.ts";
import { lineCount, lineTableOf, positionAt } from "../python/line-table.ts";
import { decodeSource } from "../python/source-text.ts";
import type { Node, NodeKind } from "../python/tree.ts";
import { walkByKind } from "../python/walk.ts";
import type { Json, Rule } from "../rules/rule.ts";
import { type FileReader, openFileReader } from "./file-reader.ts";
import { cSuppressions, cythonSuppressions, pythonSuppressions } from "./find-suppressions.ts";
import type { FileScan, ScanDone, ScanJob } from "./scan-jobs.ts";

/** What scanning needs besides the rules. */
export interface ScanTools {
  readonly rules: readonly Rule[];
  /** Null: no C file is among the jobs. */
  readonly parseC: ParseC | null;
  readonly files: FileReader;
}

/** Loads what these jobs need. */
export async function openScanTools(rules: readonly Rule[], jobs: readonly ScanJob[]): Promise<ScanTools> {
  const parseC = jobs.some((job) => job.language === "c") ? await loadCParser() : null;
  return { rules, parseC, files: openFileReader() };
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
  return { kind: "scanned", hash, scan: scanBytes(job, bytes, tools) };
}

/** The same for contents that are at hand. Never throws for what is in them. */
export function scanBytes(job: ScanJob, bytes: Uint8Array, tools: ScanTools): FileScan {
  try {
    if (job.language === "c") return scanC(job, bytes, tools.parseC);
    return job.language === "cython" ? scanCython(job, bytes) : scanPython(job, bytes, tools.rules);
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

function scanPython(job: ScanJob, bytes: Uint8Array, rules: readonly Rule[]): FileScan {
  const { path, module, isPackage, isTest } = job;
  const { view, lines, problems } = readPythonFile({ path, module, isPackage, isTest }, bytes);
  const facts = collectFacts(view);
  const collected = collect(view, rules, facts.enter);
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

interface Collected {
  readonly evidence: Record<string, Json[]>;
  readonly problems: readonly ScanProblem[];
}

/** Every rule's `collect`, and that of facts, in one walk. A rule that throws is out for this file. */
function collect(view: FileView, rules: readonly Rule[], enter: (node: Node) => void): Collected {
  const evidence: Record<string, Json[]> = {};
  const problems: ScanProblem[] = [];
  const visitors = new Map<NodeKind, ((node: Node) => void)[]>();
  for (const rule of rules) {
    let isOut = false;
    const found = (each: Json): void => {
      (evidence[rule.code] ??= []).push(each);
    };
    for (const [kind, visit] of rule.collect) {
      const guarded = (node: Node): void => {
        if (isOut) return;
        try {
          visit(node, view, found);
        } catch (error) {
          isOut = true;
          const { line, column } = view.rangeOf(node);
          const message = `The rule ${rule.code} could not read this because of a bug in deadweight (${wordsOf(error)}).`;
          problems.push({ file: view.path, line, column, message });
        }
      };
      visitors.set(kind, [...(visitors.get(kind) ?? []), guarded]);
    }
  }
  walkByKind(view.tree, visitors, enter);
  return { evidence, problems };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
