// Which decorators are caches, and what bounds them.

import type { ArgumentFact, DecoratorFact } from "../../python/facts.ts";
import type { Project } from "../../python/project.ts";

export interface CacheDecorator {
  /** Absolute: `functools.lru_cache`. */
  readonly maker: string;
  /** Most entries; "some" when bounded by an expression, or by time; null when nothing bounds it. */
  readonly bound: number | "some" | null;
  /** Arguments are keys of a dict, so they must be hashable, and entries hold them. */
  readonly holdsArguments: boolean;
  /** Awaits what it caches. */
  readonly isForCoroutines: boolean;
  /** The key is made by a function of the program. */
  readonly hasOwnKey: boolean;
}

interface CacheMaker {
  readonly boundBy: "nothing" | "maxsize" | "container" | "max_entries";
  readonly hashesValues?: true;
  readonly isForCoroutines?: true;
}

/** `lru_cache` without an argument, and all that follow it. */
const DEFAULT_MAXSIZE = 128;

const SIZED: CacheMaker = { boundBy: "maxsize" };
const STREAMLIT: CacheMaker = { boundBy: "max_entries", hashesValues: true };

/** By the documentation of each: functools, async-lru 2, cachetools 5, boltons, toolz, funcy, streamlit. */
const MAKERS: ReadonlyMap<string, CacheMaker> = new Map<string, CacheMaker>([
  ["functools.cache", { boundBy: "nothing" }],
  ["functools.lru_cache", SIZED],
  ["backports.functools_lru_cache.lru_cache", SIZED],
  ["async_lru.alru_cache", { boundBy: "maxsize", isForCoroutines: true }],
  ["cachetools.func.lru_cache", SIZED],
  ["cachetools.func.lfu_cache", SIZED],
  ["cachetools.func.fifo_cache", SIZED],
  ["cachetools.func.rr_cache", SIZED],
  ["cachetools.cached", { boundBy: "container" }],
  ["boltons.cacheutils.cached", { boundBy: "container" }],
  ["toolz.memoize", { boundBy: "nothing" }],
  ["toolz.functoolz.memoize", { boundBy: "nothing" }],
  ["cytoolz.memoize", { boundBy: "nothing" }],
  ["funcy.memoize", { boundBy: "nothing" }],
  ["streamlit.cache", STREAMLIT],
  ["streamlit.cache_data", STREAMLIT],
  ["streamlit.cache_resource", STREAMLIT],
]);

/** Null for what is no cache of functions that is known. */
export function cacheOf(project: Project, { name, args }: Pick<DecoratorFact, "name" | "args">): CacheDecorator | null {
  if (name === "" || name.startsWith(".")) return null;
  const maker = project.resolve(name);
  const known = MAKERS.get(maker);
  if (known === undefined) return null;
  return {
    maker,
    bound: boundOf(project, known, args ?? []),
    holdsArguments: known.hashesValues !== true,
    isForCoroutines: known.isForCoroutines === true,
    hasOwnKey: (args ?? []).some((each) => each.name === "key"),
  };
}

function boundOf(project: Project, { boundBy }: CacheMaker, args: readonly ArgumentFact[]): CacheDecorator["bound"] {
  const named = (name: string): string | undefined => args.find((each) => each.name === name)?.value;
  const first = args[0]?.name === null ? args[0].value : undefined;
  switch (boundBy) {
    case "nothing":
      return null;
    case "maxsize": {
      const size = named("maxsize") ?? first;
      // Entries that expire are let go of, sooner or later.
      if (size === "None" && named("ttl") !== undefined) return "some";
      return size === undefined ? DEFAULT_MAXSIZE : numberOf(size);
    }
    case "max_entries":
      return numberOf(named("ttl") === undefined ? (named("max_entries") ?? "None") : "?");
    case "container":
      return containerBound(project, named("cache") ?? first);
  }
}

function numberOf(text: string): number | "some" | null {
  if (text === "None") return null;
  const number = Number(text.replaceAll("_", ""));
  return Number.isInteger(number) ? Math.max(0, number) : "some";
}

/** `cached({})` and `cached(CACHE)` with a dict keep everything; `cached(None)` keeps nothing. */
function containerBound(project: Project, value: string | undefined): number | "some" | null {
  if (value === "None") return 0;
  if (value === "{}" || value === "dict()") return null;
  const container = value === undefined ? null : project.containerOf(value);
  if (container === null || container.fact.family !== "mapping") return container?.fact.bound ?? "some";
  return container.fact.bound;
}
