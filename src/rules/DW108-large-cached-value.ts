// Page: docs/rules/DW108-large-cached-value.md

import type { SourceRange } from "../model/finding.ts";
import { pathOfScope } from "../python/names-in-file.ts";
import type { Origin } from "../python/origin.ts";
import { originOf } from "../python/origins.ts";
import type { Project } from "../python/project.ts";
import { enclosingFunction } from "../python/walk.ts";
import {
  cachedFunctionNamed,
  decoratorRange,
  keyOf,
  type CachedFunction,
} from "./cached-functions/cached-functions.ts";
import { customOf } from "./cached-functions/open-names.ts";
import { keyGrowthOf } from "./cached-functions/key-growth.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A large value returned from a function with decorators. */
interface LargeResult {
  readonly function: string;
  /** `pandas.read_csv()` */
  readonly made: string;
  readonly isSurelyLarge: boolean;
  readonly at: SourceRange;
}

export const largeCachedValue: Rule = defineRule<LargeResult>({
  code: "DW108",
  name: "large-cached-value",
  cause: "L5",
  summary: "A cache counts entries, not bytes: with large values even a bounded one holds a lot.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    return: (node, file, found) => {
      if (node.value === null || file.isTest) return;
      const around = enclosingFunction(node);
      if (around?.kind !== "function" || around.decorators.length === 0) return;
      const large = largeValue(originOf(file, node.value));
      if (large === null) return;
      found({ function: pathOfScope(file, file.scopes.openedBy(around)), ...large, at: file.rangeOf(node) });
    },
  },
  judge: (found, project) =>
    found.flatMap((result) => {
      const cached = cachedFunctionNamed(project, result.function);
      return cached === null ? [] : (draftOf(result, cached, project) ?? []);
    }),
});

/** Tables, arrays, models, pictures: what reads or downloads them says so. */
const LARGE =
  /^(?:pandas\.read_\w+|polars\.(?:read|scan)_\w+|geopandas\.read_file|numpy\.(?:load|loadtxt|genfromtxt|fromfile|memmap)|scipy\.io\.loadmat|xarray\.(?:open|load)_\w+|torch\.load|torch\.jit\.load|joblib\.load|whisper\.load_model|spacy\.load|cv2\.imread|PIL\.Image\.open|imageio\.imread|(?:tensorflow\.)?keras\.models\.load_model|gensim\.models\.\w+\.load|nibabel\.load|.*\.from_pretrained|\.fetchall|\.to_dataframe|\.to_pandas)$/;

/** May be large: it depends on the file. */
const MAY_BE_LARGE =
  /^(?:json\.loads?|pickle\.loads?|yaml\.(?:safe_|full_)?load|tomllib\.load|numpy\.(?:zeros|ones|empty|full|arange|linspace)|(?:pathlib\.Path)?\.read_(?:text|bytes)|pandas\.(?:DataFrame|concat)|pkgutil\.get_data)$/;

/** Methods that give back as much as they were called on. */
const CHAINED =
  /^\.(?:set_index|reset_index|dropna|fillna|sort_values|sort_index|copy|astype|rename|query|merge|join|drop|assign|replace|to_dict|to_numpy|T|transpose|reshape|decode|splitlines|strip|eval|to)$/;

type Large = Pick<LargeResult, "made" | "isSurelyLarge">;

function largeValue(origin: Origin): Large | null {
  if (origin.from === "attribute") return isBody(origin) ? { made: bodyOf(origin), isSurelyLarge: true } : null;
  if (origin.from !== "call") return null;
  const { callee, of } = origin;
  if (LARGE.test(callee)) return { made: `${callee}()`, isSurelyLarge: true };
  if (MAY_BE_LARGE.test(callee)) return { made: `${callee}()`, isSurelyLarge: false };
  if (of === undefined) return null;
  if (callee === ".read") return isFile(of) ? { made: `${of.callee}().read()`, isSurelyLarge: false } : null;
  // A method of what is large, at once or through a local name.
  const isMethod = callee.startsWith(".") || callee.includes(".<locals>.");
  return isMethod && CHAINED.test(callee.slice(callee.lastIndexOf("."))) ? largeValue(of) : null;
}

type AttributeOrigin = Extract<Origin, { readonly from: "attribute" }>;
type CallOrigin = Extract<Origin, { readonly from: "call" }>;

/** `requests.get(url).content` */
function isBody({ name, of }: AttributeOrigin): boolean {
  if (name !== "content" && name !== "text") return false;
  return of.from === "call" && /^(?:requests|httpx)\.(?:get|post|request)$/.test(of.callee);
}

function bodyOf({ name, of }: AttributeOrigin): string {
  return `${of.from === "call" ? of.callee : ""}().${name}`;
}

function isFile(origin: Origin): origin is CallOrigin {
  return origin.from === "call" && /(?:^|\.)(?:open|urlopen)$/.test(origin.callee);
}

/** Fewer values than this are somebody's choice. */
const FEW_ENTRIES = 16;

function draftOf(
  { made, isSurelyLarge, at }: LargeResult,
  cached: CachedFunction,
  project: Project,
): FindingDraft | null {
  const { definition, cache, parameters } = cached;
  if (typeof cache.bound === "number" && cache.bound <= FEW_ENTRIES) return null;
  const isPerInstance = cached.receiver === "instance";
  const growth = parameters.length === 0 ? null : keyGrowthOf(project, cached, (each) => customOf(each) === "many");
  if (growth === null && !isPerInstance) return null;
  const isGrowing = (growth?.strength ?? 1) > 1 || (isPerInstance && cache.bound === null);
  const bound = boundOf(cached, isPerInstance);
  return {
    at: decoratorRange(cached),
    message: `The cache of \`${definition.name}\` keeps what \`${made}\` gives, ${bound}, however large each of them is.`,
    holder: definition.name,
    confidence: isSurelyLarge && isGrowing && cache.bound !== "some" ? "likely" : "possible",
    bound,
    related: [{ ...at, message: "is returned here" }, ...(growth?.related ?? [])],
    fix: {
      text: "Lower `maxsize` to how many values may be in memory at once, or cache what is computed from them.",
      safety: "none",
      edits: [],
    },
  };
}

function boundOf({ cache, definition, parameters }: CachedFunction, isPerInstance: boolean): string {
  if (cache.bound === null)
    return `one value for each distinct ${keyOf(isPerInstance ? definition.fact.params : parameters)}`;
  return cache.bound === "some" ? "as many values as the cache holds" : `up to ${cache.bound} values`;
}
