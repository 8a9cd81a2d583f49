// What the caches of an application are called: a file beside its table, which its processes write (python/src/deadweight/_cache/names.py).
// A clear of a name that no cache has would be complete, and do nothing.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import { type CacheSelector, scopeOf } from "../../govern/selector.ts";

const MOST_SAID = 5;

/** Fails with a sentence that says which names there are. Where the file is missing nothing is checked. */
export function checkName(selector: CacheSelector, app: string, table: string): Result<null, string> {
  const known = namesOfTable(table);
  if (known === null || known.some((name) => fits(selector, name))) return ok(null);
  const near = known
    .map((name) => ({ name, rank: likeness(selector, name) }))
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, MOST_SAID)
    .map(({ name }) => name.replace(/^fn:/, ""));
  const has =
    near.length === 0
      ? "it has none yet"
      : `it has ${near.join(", ")}${known.length > near.length ? " and others" : ""}`;
  const other = selector.kind === "function" ? ". A plain functools.lru_cache is cleared with --pid or --match" : "";
  return fail(`${app} has no cache '${selector.text}', so nothing was changed; ${has}${other}`);
}

/** Null where the file is missing. */
export function namesOfTable(table: string): readonly string[] | null {
  return namesIn(join(dirname(table), "names"));
}

function namesIn(path: string): readonly string[] | null {
  try {
    return [...new Set(readFileSync(path, "utf8").split("\n"))].filter((name) => name !== "");
  } catch {
    return null;
  }
}

/** A tag fits its template: `user:42` is one of `user:{user_id}`. */
function fits(selector: CacheSelector, name: string): boolean {
  if (selector.kind !== "tag") return name === scopeOf(selector);
  if (!name.startsWith("tag:")) return false;
  if (name === "tag:*") return true;
  const parts = name.slice("tag:".length).split(/\{[^{}]*\}/);
  const pattern = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${pattern}$`, "s").test(selector.name);
}

/** Names that hold what was typed come first, then those of its kind that begin as it does. */
function likeness(selector: CacheSelector, name: string): number {
  const typed = selector.name.toLowerCase();
  const own = name.slice(name.indexOf(":") + 1).toLowerCase();
  if (own.includes(typed)) return 1000 - own.length;
  let same = 0;
  while (same < typed.length && typed[same] === own[same]) same++;
  return same + (scopeOf(selector).slice(0, 2) === name.slice(0, 2) ? 0.5 : 0);
}
