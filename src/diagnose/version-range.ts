// Versions of Python packages and ranges of them: the part of PEP 440 that releases on the index use. Epochs and local
// versions are compared as PEP 440 says; `===` is not supported.

interface Version {
  readonly epoch: number;
  readonly release: readonly number[];
  /** Where it stands among its pre-, post- and development releases, in order of comparison. */
  readonly rank: readonly number[];
}

const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?dev[-_.]?(\d*))?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/;
const PRE_RELEASES: Readonly<Record<string, number>> = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  rc: 2,
  pre: 2,
  preview: 2,
};
const CLAUSE = /^(~=|==|!=|<=|>=|<|>)\s*(\S+?)(\.\*)?$/;
/** Above and below every number of a release. */
const LAST = Number.MAX_SAFE_INTEGER;

/**
 * Whether `version` lies in `range`, a list of clauses joined by commas: ">=1.29,<1.30". An empty range holds all. Null when
 * either cannot be read. A pre-release is judged by its place in the order alone.
 */
export function isInRange(version: string, range: string): boolean | null {
  const found = parseVersion(version);
  if (found === null) return null;
  let isInside = true;
  for (const clause of range.split(",").map((each) => each.trim())) {
    if (clause === "") continue;
    const answer = satisfies(found, clause);
    if (answer === null) return null;
    isInside &&= answer;
  }
  return isInside;
}

/** Negative when `a` is older, 0 when both mean the same release; null when either cannot be read. */
export function compareVersions(a: string, b: string): number | null {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  return left === null || right === null ? null : compare(left, right);
}

function satisfies(version: Version, clause: string): boolean | null {
  const [, operator, text = "", wildcard] = CLAUSE.exec(clause) ?? [];
  const bound = parseVersion(text);
  if (operator === undefined || bound === null) return null;
  if (wildcard !== undefined) {
    if (operator !== "==" && operator !== "!=") return null;
    return hasPrefix(version, bound.epoch, bound.release) === (operator === "==");
  }
  return holds(version, operator, bound);
}

function holds(version: Version, operator: string, bound: Version): boolean | null {
  const order = compare(version, bound);
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0 && !isOnlyBefore(version, bound);
    case "<=":
      return order <= 0;
    case ">":
      return order > 0 && !isOnlyAfter(version, bound);
    case ">=":
      return order >= 0;
    case "~=":
      return order >= 0 && bound.release.length > 1 && hasPrefix(version, bound.epoch, bound.release.slice(0, -1));
    default:
      return null;
  }
}

function parseVersion(text: string): Version | null {
  const match = VERSION.exec(text.trim().toLowerCase());
  if (match === null) return null;
  const [, epoch = "0", release = "", pre, preNumber, shortPost, post, postNumber, dev] = match;
  const hasPost = shortPost !== undefined || post !== undefined;
  const isDev = dev !== undefined;
  // A development release alone comes before every pre-release, and a release after them.
  const phase = pre === undefined ? (isDev && !hasPost ? -1 : LAST) : (PRE_RELEASES[pre] ?? 0);
  return {
    epoch: Number(epoch),
    release: release.split(".").map(Number),
    rank: [
      phase,
      Number(preNumber ?? 0),
      hasPost ? Number(shortPost ?? postNumber ?? 0) : -1,
      isDev ? Number(dev) : LAST,
    ],
  };
}

function compare(a: Version, b: Version): number {
  return a.epoch - b.epoch || compareNumbers(a.release, b.release) || compareNumbers(a.rank, b.rank);
}

/** What is missing counts as 0: 1.0 and 1.0.0 are one release. */
function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function hasPrefix(version: Version, epoch: number, prefix: readonly number[]): boolean {
  return version.epoch === epoch && prefix.every((part, at) => (version.release[at] ?? 0) === part);
}

function sameRelease(a: Version, b: Version): boolean {
  return a.epoch === b.epoch && compareNumbers(a.release, b.release) === 0;
}

/** PEP 440: "<1.0" leaves out 1.0rc1, unless the bound is a pre-release itself. */
function isOnlyBefore(version: Version, bound: Version): boolean {
  return isPreRelease(version) && !isPreRelease(bound) && sameRelease(version, bound);
}

/** PEP 440: ">1.0" leaves out 1.0.post1, unless the bound is a post-release itself. */
function isOnlyAfter(version: Version, bound: Version): boolean {
  return isPostRelease(version) && !isPostRelease(bound) && sameRelease(version, bound);
}

function isPreRelease(version: Version): boolean {
  return version.rank[0] !== LAST || version.rank[3] !== LAST;
}

function isPostRelease(version: Version): boolean {
  return (version.rank[2] ?? -1) >= 0;
}
