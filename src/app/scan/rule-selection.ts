// Which rules count for which file.

import ignore from "ignore";
import { relative, resolve } from "node:path";
import type { ScanSettings } from "../../model/scan-settings.ts";

/** Says whether findings with `code` are wanted in `file` (as reports name it). */
export type RuleSelection = (code: string, file: string) => boolean;

/** `folder` is where the scan began: shown paths are relative to it. */
export function selectRules(settings: ScanSettings, folder: string): RuleSelection {
  const perFile = settings.perFileIgnores.map(({ pattern, codes }) => ({
    matcher: ignore({ allowRelativePaths: true }).add(pattern),
    codes,
  }));
  const wanted = (code: string): boolean => isSelected(code, settings.select, settings.ignore);
  return (code, file) => {
    if (!wanted(code)) return false;
    if (perFile.length === 0) return true;
    const path = relative(settings.root, resolve(folder, file));
    return !perFile.some((each) => matchesAny(code, each.codes) && path !== "" && each.matcher.ignores(path));
  };
}

/** The longer pattern wins, so `ignore = ["DW1"], select = ["DW101"]` keeps DW101; a tie goes to ignore. */
export function isSelected(code: string, select: readonly string[] | null, ignored: readonly string[]): boolean {
  const chosen = select === null ? 0 : longestMatch(code, select);
  const refused = longestMatch(code, ignored);
  return chosen >= 0 && (refused < 0 || chosen > refused);
}

/** Says whether one of the codes, or beginnings of codes, means `code`. */
export function matchesAny(code: string, patterns: readonly string[]): boolean {
  return longestMatch(code, patterns) >= 0;
}

function longestMatch(code: string, patterns: readonly string[]): number {
  let longest = -1;
  for (const pattern of patterns) {
    if (pattern === "ALL") longest = Math.max(longest, 0);
    else if (code.startsWith(pattern)) longest = Math.max(longest, pattern.length);
  }
  return longest;
}
