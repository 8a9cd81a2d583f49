// Page: docs/rules/DW101-unbounded-cache.md

import type { SourceRange, TextEdit } from "../model/finding.ts";
import type { FunctionDefinition } from "../python/definitions.ts";
import type { FileView } from "../python/file-view.ts";
import type { Project } from "../python/project.ts";
import type { Expression } from "../python/tree.ts";
import { cacheClears, clearsWhileRunning, type CacheClear } from "./cached-functions/cache-clears.ts";
import {
  cachedFunctionNamed,
  cachedFunctions,
  decoratorRange,
  keyOf,
  ownerOf,
  type CachedFunction,
} from "./cached-functions/cached-functions.ts";
import { nothingElse } from "./cached-functions/call-arguments.ts";
import { keyGrowthOf, type KeyGrowth } from "./cached-functions/key-growth.ts";
import { volatileArgument, type VolatileCall } from "./cached-functions/volatile-argument.ts";
import { isEnum } from "./cached-functions/few-instances.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A decorator that says `maxsize=None`, or a call with an argument that is never the same twice. */
type Evidence =
  | { readonly kind: "edit"; readonly at: SourceRange; readonly edit: TextEdit }
  | { readonly kind: "volatile"; readonly call: VolatileCall };

export const unboundedCache: Rule = defineRule<Evidence>({
  code: "DW101",
  name: "unbounded-cache",
  cause: "L3",
  summary: "A cache without a bound keeps one entry for every combination of arguments it has ever seen.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    function: ({ decorators }, file, found) => {
      for (const decorator of decorators) {
        const edit = boundEdit(decorator, file);
        if (edit !== null) found({ kind: "edit", at: file.rangeOf(decorator), edit });
      }
    },
    call: (node, file, found) => {
      const call = volatileArgument(file, node);
      if (call !== null) found({ kind: "volatile", call });
    },
  },
  judge: (found, project) => {
    const clears = cacheClears(project);
    const growing = cachedFunctions(project).filter((cached) => keepsEverything(project, cached));
    const seen = { edits: editsByPlace(found), calls: volatileCalls(found, project) };
    return growing.flatMap((cached) => draftOf(cached, seen, clears, project) ?? []);
  },
});

/** What would put a bound on it. */
const BOUND = "maxsize=1024";

/** Null unless the call says `maxsize=None`, by name or as the first argument. */
function boundEdit(decorator: Expression, { path }: FileView): TextEdit | null {
  if (decorator.kind !== "call") return null;
  const maxsize = decorator.arguments.find((each, at) => each.name === "maxsize" || (each.name === null && at === 0));
  if (maxsize?.value.kind !== "constant" || maxsize.value.type !== "none") return null;
  return { file: path, start: maxsize.start, end: maxsize.end, text: BOUND };
}

/**
 * Without a bound, with parameters, and as long-lived as its module. Methods are DW102, but for those of enumerations: there
 * the instances are few. A function made inside another one takes its cache along when it goes.
 */
function keepsEverything(project: Project, { cache, definition, receiver, parameters }: CachedFunction): boolean {
  if (cache.bound !== null || definition.fact.outer !== undefined || parameters.length === 0) return false;
  const owner = ownerOf(definition);
  return receiver !== "instance" || (owner !== null && isEnum(project, owner));
}

interface Seen {
  readonly edits: ReadonlyMap<string, TextEdit>;
  /** The first of each function. */
  readonly calls: ReadonlyMap<FunctionDefinition, VolatileCall>;
}

function editsByPlace(found: readonly Evidence[]): Seen["edits"] {
  return new Map(found.flatMap((each) => (each.kind === "edit" ? [[placeOf(each.at), each.edit] as const] : [])));
}

function volatileCalls(found: readonly Evidence[], project: Project): Seen["calls"] {
  const calls = new Map<FunctionDefinition, VolatileCall>();
  for (const each of found) {
    const cached = each.kind === "volatile" ? cachedFunctionNamed(project, each.call.callee) : null;
    if (each.kind === "volatile" && cached !== null && !calls.has(cached.definition))
      calls.set(cached.definition, each.call);
  }
  return calls;
}

function draftOf(
  cached: CachedFunction,
  seen: Seen,
  clears: readonly CacheClear[],
  project: Project,
): FindingDraft | null {
  const { definition, parameters, cache } = cached;
  const volatile = seen.calls.get(definition);
  const growth = volatile === undefined ? keyGrowthOf(project, cached) : freshGrowth(volatile);
  if (growth === null) return null;
  const at = decoratorRange(cached);
  const cleared = clearsWhileRunning(clears, cached);
  const key = keyOf(parameters);
  const edit = seen.edits.get(placeOf(at));
  return {
    at,
    message: `\`${definition.name}\` keeps every result it has ever computed: its cache has no bound and grows by one entry for each distinct ${key}${growth.because === "" ? "" : `, and ${growth.because}`}.`,
    holder: definition.name,
    confidence: cleared.length > 0 ? "possible" : CONFIDENCES[growth.strength],
    bound: `one entry per distinct ${key}`,
    related: [...growth.related, ...(cleared.length > 0 ? cleared : [nothingElse(at, "nothing clears it", project)])],
    fix: {
      text: `Give it a bound (${cache.maker.startsWith("streamlit.") ? "`max_entries=1024`" : `\`@lru_cache(${BOUND})\``}), or clear it when its data changes.`,
      safety: edit === undefined ? "none" : "unsafe",
      edits: edit === undefined ? [] : [edit],
    },
  };
}

const CONFIDENCES = { 1: "possible", 2: "likely", 3: "certain" } as const;

function freshGrowth({ at, what, argument }: VolatileCall): KeyGrowth {
  return {
    strength: what === "repr" || what === "id" ? 2 : 3,
    because: `\`${argument}\` is new at every call`,
    related: [{ ...at, message: `is called here with \`${argument}\`` }],
  };
}

function placeOf({ file, line, column, cell = 0 }: SourceRange): string {
  return `${file} ${cell} ${line} ${column}`;
}
