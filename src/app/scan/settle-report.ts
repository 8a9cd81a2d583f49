// From all that was found to what is shown: selection, comments, confidence, baseline.

import type { Finding, ScanProblem, ScanReport } from "../../model/finding.ts";
import type { RuleCard } from "../../model/rule-card.ts";
import { isAtLeast, type ScanSettings } from "../../model/scan-settings.ts";
import { applyBaseline, type Baseline } from "./baseline.ts";
import { applySuppressions, unusedFindings } from "./apply-suppressions.ts";
import { fingerprintOf } from "./judge-project.ts";
import { isSelected, selectRules, type RuleSelection } from "./rule-selection.ts";
import type { ScanRun } from "./scan-files.ts";
import type { StablePath } from "./stable-path.ts";

export interface Settling {
  /** Where the scan began; absolute. */
  readonly folder: string;
  readonly settings: ScanSettings;
  readonly cards: readonly RuleCard[];
  readonly baseline: Baseline | null;
  /** Problems of discovery. */
  readonly problems: readonly ScanProblem[];
  readonly textOf: (file: string) => string | null;
  /** What fingerprints call a file. */
  readonly stablePath: StablePath;
}

export interface Settled {
  readonly report: ScanReport;
  /** What a baseline written now would hold. */
  readonly unbaselined: readonly Finding[];
  /** Findings that the baseline expects and that are gone. */
  readonly stale: number;
}

const UNUSED_SUPPRESSION = "DW001";

export function settleReport(run: ScanRun, settling: Settling): Settled {
  const { settings, folder, cards } = settling;
  const isWanted = selectRules(settings, folder);
  const selected = selectedFrom(run, isWanted);
  const judgedCodes = new Set(
    cards.map((card) => card.code).filter((code) => isSelected(code, settings.select, settings.ignore)),
  );
  const suppressible = run.files.map(({ path: file, suppressions }) => ({ file, suppressions }));
  // "DW1" may be there for any rule that it begins; a code that no rule has suppresses nothing, whatever is switched on.
  const isJudged = (code: string): boolean =>
    cards.every((each) => !each.code.startsWith(code) || judgedCodes.has(each.code));
  const { findings, count, unused } = applySuppressions(selected, suppressible, cards, isJudged);
  const card = cards.find((each) => each.code === UNUSED_SUPPRESSION);
  const extra =
    card === undefined ? [] : withFingerprints(unusedFindings(unused, card, settling.textOf), settling.stablePath);
  const all = inOrder([...findings, ...extra.filter((each) => isWanted(each.code, each.file))]);
  const sure = all.filter((each) => isAtLeast(each.confidence, settings.confidence));
  const known =
    settling.baseline === null || settings.baseline === null
      ? { findings: sure, count: 0, stale: 0 }
      : applyBaseline(sure, settling.baseline, settings.baseline, folder, new Set(run.files.map((file) => file.path)));
  const report: ScanReport = {
    schema: "deadweight/scan@1",
    files: run.files.length,
    lines: run.files.reduce((sum, file) => sum + file.lines, 0),
    unreadFunctions: run.files.reduce((sum, file) => sum + file.unreadFunctions, 0),
    findings: known.findings,
    problems: [...settling.problems, ...run.problems],
    suppressed: { inline: count, baseline: known.count, confidence: all.length - sure.length },
  };
  return { report, unbaselined: sure, stale: known.stale };
}

/** A finding that others explain is told when one of these is not wanted. */
function selectedFrom({ findings, explained }: ScanRun, isWanted: RuleSelection): readonly Finding[] {
  const untold = explained.filter(({ by }) => !by.every(({ code, file }) => isWanted(code, file)));
  return [...findings, ...untold.map(({ finding }) => finding)].filter(({ code, file }) => isWanted(code, file));
}

/** By what is said, not by the line: lines move. Comments that say the same are told apart by their order. */
function withFingerprints(
  findings: readonly Omit<Finding, "fingerprint">[],
  stablePath: StablePath,
): readonly Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const said = [finding.code, stablePath(finding.file), finding.message].join("\0");
    const earlier = seen.get(said) ?? 0;
    seen.set(said, earlier + 1);
    return { ...finding, fingerprint: fingerprintOf([said, earlier.toString()]) };
  });
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (a, b) =>
      (a.file === b.file ? 0 : a.file < b.file ? -1 : 1) ||
      (a.cell ?? 0) - (b.cell ?? 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.code < b.code ? -1 : 1),
  );
}
