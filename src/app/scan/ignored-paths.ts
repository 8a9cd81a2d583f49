// What git would not look at: .gitignore of a folder and of the folders above it, up to the top of the repository.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";

/** The patterns of one folder, and of those above it. */
export interface IgnoredPaths {
  readonly folder: string;
  readonly matcher: Ignore | null;
  readonly above: IgnoredPaths | null;
}

/** The patterns that hold in `folder` (absolute) when a walk begins there. Reads every .gitignore of its repository above. */
export function ignoredPathsFrom(folder: string): IgnoredPaths {
  const chain: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    chain.push(at);
    if (existsSync(join(at, ".git"))) break;
    // No repository: nothing above the folder counts.
    if (dirname(at) === at) return enterFolder(folder, null);
  }
  const inside = chain.reverse().reduce<IgnoredPaths | null>((above, each) => enterFolder(each, above), null);
  // Who names a folder wants it read, even when the repository ignores it.
  return inside === null || isIgnored(inside, folder, true) ? enterFolder(folder, null) : inside;
}

/** Adds what the .gitignore in `folder` says. */
export function enterFolder(folder: string, above: IgnoredPaths | null): IgnoredPaths {
  const texts = [join(folder, ".gitignore"), join(folder, ".git/info/exclude")].map(readOrNothing);
  const patterns = texts.filter((text) => text.trim() !== "");
  if (patterns.length === 0 && above !== null) return above;
  return { folder, matcher: patterns.length === 0 ? null : ignore().add(patterns.join("\n")), above };
}

/** The patterns nearest to the path decide. */
export function isIgnored(paths: IgnoredPaths | null, path: string, isFolder: boolean): boolean {
  for (let at = paths; at !== null; at = at.above) {
    if (at.matcher === null) continue;
    const below = relative(at.folder, path).split(sep).join("/");
    if (below === "") continue;
    const verdict = at.matcher.test(isFolder ? `${below}/` : below);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Unreadable or, most often, not there: it ignores nothing.
    return "";
  }
}
