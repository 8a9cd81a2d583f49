// Applies fixes until nothing is left to fix. Works on texts in memory; write-fixes.ts puts them on the disk.

import type { Finding } from "../../model/finding.ts";
import { countOf } from "../../base/format-count.ts";
import { parsePython } from "../../parsers/python-from-pyright.ts";
import type { SourceText } from "../../python/source-text.ts";
import { applyEdits, compatibleGroups } from "./edit-text.ts";
import { encodeSource } from "./encode-source.ts";

export interface FixedFile {
  readonly file: string;
  readonly before: SourceText;
  readonly after: string;
  readonly bytes: Uint8Array;
}

export interface Fixed {
  readonly files: readonly FixedFile[];
  readonly count: number;
  /** What was not applied, and why: sentences. */
  readonly withdrawn: readonly string[];
}

/** What fixing needs of a scan. */
export interface Fixable {
  /** The findings when the files have these contents. */
  readonly findingsOf: (overlay: ReadonlyMap<string, Uint8Array>) => Promise<readonly Finding[]>;
  readonly sourceOf: (file: string) => SourceText | null;
  readonly safety: "safe" | "unsafe";
}

/** One fix may make room for another, but not without end. */
const MOST_ROUNDS = 10;

/** Time: one scan of the changed files for each round. */
export async function fixFindings(fixable: Fixable): Promise<Fixed> {
  const bench = new FixBench(fixable.sourceOf);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const findings = await fixable.findingsOf(bench.overlay());
    const wanted = findings.filter((each) => isApplicable(each, fixable.safety) && !bench.isWithdrawn(each));
    if (wanted.length === 0) break;
    const groups = compatibleGroups(wanted.map((finding) => ({ finding, edits: finding.fix?.edits ?? [] })));
    bench.apply(groups.map((group) => group.finding));
  }
  return bench.result();
}

function isApplicable({ fix }: Finding, safety: Fixable["safety"]): boolean {
  return fix !== null && fix.edits.length > 0 && (fix.safety === "safe" || fix.safety === safety);
}

/** The texts while they are fixed. */
class FixBench {
  readonly #sourceOf: Fixable["sourceOf"];
  readonly #files = new Map<string, FixedFile>();
  readonly #withdrawn = new Map<string, string>();
  #count = 0;

  constructor(sourceOf: Fixable["sourceOf"]) {
    this.#sourceOf = sourceOf;
  }

  overlay(): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#files].map(([file, { bytes }]) => [file, bytes]));
  }

  isWithdrawn(finding: Finding): boolean {
    return this.#withdrawn.has(finding.fingerprint);
  }

  /** All at once. When that breaks a file: the first that does not, for one changes where the others apply. */
  apply(findings: readonly Finding[]): void {
    if (this.#tryAll(findings) === null) return;
    for (const finding of findings) {
      const fault = this.#tryAll([finding]);
      if (fault === null) return;
      this.#withdrawn.set(
        finding.fingerprint,
        `The fix of ${finding.code} in ${finding.file}:${finding.line} was not applied: ${fault}.`,
      );
    }
  }

  /** Null when it is done; else why nothing was changed. */
  #tryAll(findings: readonly Finding[]): string | null {
    const edits = findings.flatMap((finding) => finding.fix?.edits ?? []);
    const changed: FixedFile[] = [];
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const known = this.#files.get(file);
      const before = known?.before ?? this.#sourceOf(file);
      if (before === null) return "the file cannot be read any more";
      const text = known?.after ?? before.text;
      const after = applyEdits(
        text,
        edits.filter((edit) => edit.file === file),
      );
      const fault = faultOf(file, text, after);
      if (fault !== null) return fault;
      const bytes = encodeSource(after, before);
      if (bytes === null) return `the file cannot be written back as ${before.encoding} without loss`;
      changed.push({ file, before, after, bytes });
    }
    for (const each of changed) this.#files.set(each.file, each);
    this.#count += findings.length;
    return null;
  }

  result(): Fixed {
    const files = [...this.#files.values()].toSorted((a, b) => (a.file < b.file ? -1 : 1));
    return { files, count: this.#count, withdrawn: [...this.#withdrawn.values()] };
  }
}

/** A fix must not make a file unreadable. */
function faultOf(file: string, before: string, after: string): string | null {
  if (!/\.pyi?$/.test(file)) return null;
  const faults = (text: string): number =>
    parsePython(text, { isStub: file.endsWith(".pyi"), isNotebook: false }).faults.length;
  const more = faults(after) - faults(before);
  return more > 0 ? `its result would have ${countOf(more, "syntax error")} more` : null;
}
