// Page: docs/rules/DW101-unbounded-cache.md

import type { RelatedLocation, SourceRange, TextEdit } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import type { Project } from "../python/project.ts";
import { qualify } from "../python/qualify.ts";
import type { Expression, FunctionDef } from "../python/tree.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A cache without a bound on a function with parameters. */
interface UnboundedCache {
  /** Absolute name of the function. */
  readonly function: string;
  readonly parameters: readonly string[];
  /** Where the decorator is, and how it is written. */
  readonly at: SourceRange;
  readonly decorator: string;
  readonly edit: TextEdit | null;
}

export const unboundedCache: Rule = defineRule<UnboundedCache>({
  code: "DW101",
  name: "unbounded-cache",
  cause: "L3",
  summary: "A cache without a bound keeps one entry for every combination of arguments it has ever seen.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    function: (node, file, found) => {
      // Methods are DW102: there `self` is what is kept.
      if (node.parent?.kind !== "module" || node.parameters.every((each) => each.name === "")) return;
      for (const decorator of node.decorators) {
        const cache = unboundedCacheOf(decorator, node, file);
        if (cache !== null) found(cache);
      }
    },
  },
  judge: (found, project) => found.map((each) => draftOf(each, project)),
});

/** What would put a bound on it. */
const BOUND = "maxsize=1024";

function unboundedCacheOf(decorator: Expression, node: FunctionDef, file: FileView): UnboundedCache | null {
  const callee = decorator.kind === "call" ? decorator.callee : decorator;
  const name = qualify(file, callee)?.name;
  const edit = name === "functools.cache" ? null : boundEdit(decorator, file.path);
  if (name !== "functools.cache" && (name !== "functools.lru_cache" || edit === null)) return null;
  return {
    function: `${file.module}.${node.name}`,
    parameters: node.parameters.flatMap((each) => (each.name === "" ? [] : [`${each.star}${each.name}`])),
    at: file.rangeOf(decorator),
    decorator: file.text.slice(decorator.start, decorator.end),
    edit,
  };
}

/** Null unless the call says `maxsize=None`, by name or as the first argument. */
function boundEdit(decorator: Expression, file: string): TextEdit | null {
  if (decorator.kind !== "call") return null;
  const maxsize = decorator.arguments.find((each, at) => each.name === "maxsize" || (each.name === null && at === 0));
  if (maxsize?.value.kind !== "constant" || maxsize.value.type !== "none") return null;
  return { file, start: maxsize.start, end: maxsize.end, text: BOUND };
}

function draftOf(cache: UnboundedCache, project: Project): FindingDraft {
  const key = cache.parameters.join(", ");
  return {
    at: cache.at,
    message: `\`${cache.function}\` keeps every result it has ever computed: its cache has no bound and grows by one entry for each distinct (${key}).`,
    holder: cache.function,
    confidence: "likely",
    bound: `one entry per distinct (${key})`,
    related: callsOf(cache, project),
    fix: {
      text: `Give it a bound: \`@lru_cache(${BOUND})\`, or clear it when its data changes.`,
      safety: cache.edit === null ? "none" : "unsafe",
      edits: cache.edit === null ? [] : [cache.edit],
    },
  };
}

const MOST_CALLS = 3;

function callsOf(cache: UnboundedCache, project: Project): readonly RelatedLocation[] {
  const definition = project.functionOf(cache.function);
  if (definition === null) return [];
  return project
    .callersOf(definition)
    .slice(0, MOST_CALLS)
    .map(({ edge, module }) => ({
      file: module.path,
      line: edge.line,
      column: edge.column,
      endLine: edge.line,
      endColumn: edge.column + 1,
      message: "is called here",
    }));
}
