// Leaks of libraries that their authors know: a holder that grows is compared with data/known-leaks.json.

import type { CauseId, KnownLeakMatch } from "../model/diagnosis.ts";
import type { Holder, HolderKind } from "../model/holder.ts";
import { compareVersions, isInRange } from "./version-range.ts";

/** Which holders an entry means. `*` in a text stands for any characters; null says nothing about that part. */
export interface KnownHolder {
  readonly module: string | null;
  readonly name: string | null;
  readonly type: string | null;
  readonly kind: HolderKind | null;
}

/** One entry of data/known-leaks.json. */
export interface KnownLeak {
  readonly id: string;
  /** As on the package index; "cpython" for the interpreter and its library. */
  readonly package: string;
  /** Leaking versions: clauses of PEP 440 joined by commas; empty when all that there are leak. */
  readonly versions: string;
  readonly fixedIn: string | null;
  readonly cause: CauseId;
  readonly holders: readonly KnownHolder[];
  /** Type of what piles up; `*` as above. */
  readonly leaked: string | null;
  readonly url: string;
  readonly summary: string;
  /** What was read and run for this entry. */
  readonly checked: string;
}

/** What grows in the process. */
export interface GrowingHolder {
  readonly holder: Pick<Holder, "module" | "name" | "type" | "kind">;
  /** Type that brought most bytes; null when that is not known. */
  readonly leakedType: string | null;
}

/** Version of a package in the target, by its name in lower case with "-" for "_" and "."; null when it is not installed. */
export type InstalledVersions = (packageName: string) => string | null;

/**
 * The known leak that `growing` is, or null. An entry counts only when its package is installed in a version that leaks. Of
 * several, the one whose fingerprint says most.
 */
export function matchKnownLeak(
  growing: GrowingHolder,
  entries: readonly KnownLeak[],
  installed: InstalledVersions,
): KnownLeakMatch | null {
  let best: { readonly leak: KnownLeak; readonly version: string; readonly weight: number } | null = null;
  for (const leak of entries) {
    const version = installed(packageKey(leak.package));
    if (version === null || isInRange(version, leak.versions) !== true) continue;
    const weight = weightOf(growing, leak);
    if (weight > (best?.weight ?? 0)) best = { leak, version, weight };
  }
  if (best === null) return null;
  const { leak, version } = best;
  return {
    id: leak.id,
    package: leak.package,
    installedVersion: version,
    fixedIn: leak.fixedIn,
    url: leak.url,
    summary: leak.summary,
  };
}

/** "Marshmallow_Dataclass" and "marshmallow-dataclass" are one package (PEP 503). */
export function packageKey(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** Sentence about what to do: upgrade, or what the thread says. */
export function upgradeAdvice(match: KnownLeakMatch): string {
  const { fixedIn, installedVersion } = match;
  const isNewer =
    fixedIn !== null && installedVersion !== null && (compareVersions(installedVersion, fixedIn) ?? -1) < 0;
  const installed = installedVersion === null ? match.package : `${match.package} ${installedVersion}`;
  return isNewer
    ? `This is a known leak of ${installed}, fixed in ${fixedIn}: upgrade. ${match.url}`
    : `This is a known leak of ${installed}; no release fixes it. ${match.url}`;
}

/** Number of characters that had to agree; 0 when something differs. */
function weightOf({ holder, leakedType }: GrowingHolder, leak: KnownLeak): number {
  const leakedWeight = textWeight(leak.leaked, leakedType);
  if (leakedWeight === null) return 0;
  const weights = leak.holders.map((known) => holderWeight(known, holder) ?? 0);
  const most = Math.max(0, ...weights);
  return most === 0 ? 0 : most + leakedWeight;
}

/** Whether a holder is what the pattern means. */
export function fitsKnownHolder(known: KnownHolder, holder: GrowingHolder["holder"]): boolean {
  return holderWeight(known, holder) !== null;
}

/**
 * Null when some part differs. What grows may be a list inside of the container that is named (`_registry['Order']`): the name
 * then counts up to the subscript, and the type, which is that of the container, does not.
 */
function holderWeight(known: KnownHolder, { kind, module, name, type }: GrowingHolder["holder"]): number | null {
  if (known.kind !== null && known.kind !== kind) return null;
  const outer = name === null ? null : name.replace(/\[.*$/, "");
  const isInside = outer !== name && textWeight(known.name, name) === null;
  const parts = [
    textWeight(known.module, module),
    textWeight(known.name, isInside ? outer : name),
    isInside ? 0 : textWeight(known.type, type),
  ];
  return parts.reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}

/** Null when `text` is not what `pattern` says. */
function textWeight(pattern: string | null, text: string | null): number | null {
  if (pattern === null) return 0;
  if (text === null || !isLike(text, pattern)) return null;
  return pattern.replaceAll("*", "").length;
}

/** Pieces between stars must follow each other. */
function isLike(text: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
