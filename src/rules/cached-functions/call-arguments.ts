// What the calls of a function give for its parameters.

import { countOf } from "../../base/format-count.ts";
import type { RelatedLocation, SourceRange } from "../../model/finding.ts";
import type { ModuleFacts, ParameterFact } from "../../python/facts.ts";
import type { KnownCall, Project } from "../../python/project.ts";
import type { CachedFunction } from "./cached-functions.ts";

/** Calls outside of tests that are seen, not guessed from the name of a method. */
export function callsOf(project: Project, { definition }: CachedFunction): readonly KnownCall[] {
  return project.callersOf(definition).filter(({ edge, module }) => edge.how === "call" && !module.isTest);
}

/** Arguments of one call: a letter of ORIGIN_LETTERS for each; "*" and "**" stand for any. */
export function givenArguments(args: string): readonly { readonly name: string | null; readonly letter: string }[] {
  if (args === "") return [];
  return args.split(",").map((each) => {
    const colon = each.indexOf(":");
    return colon < 0 ? { name: null, letter: each } : { name: each.slice(0, colon), letter: each.slice(colon + 1) };
  });
}

/** The letter given for a parameter; null when it is left out, "?" when stars hide it. */
export function letterFor(parameters: readonly ParameterFact[], parameter: ParameterFact, args: string): string | null {
  const given = givenArguments(args);
  const named = given.find(({ name }) => name === parameter.name);
  if (named !== undefined) return named.letter;
  if (given.some(({ letter }) => letter.startsWith("*"))) return "?";
  const placed = given.filter(({ name }) => name === null);
  if (parameter.kind === "keyword") return null;
  if (parameter.kind !== undefined) return given.length > parameters.indexOf(parameter) ? "?" : null;
  return placed[parameters.indexOf(parameter)]?.letter ?? null;
}

export function callRange({
  edge: { line, column },
  module,
}: Pick<KnownCall, "module"> & { readonly edge: { readonly line: number; readonly column: number } }): SourceRange {
  return pointIn(module, line, column);
}

export function pointIn({ path }: ModuleFacts, line: number, column: number): SourceRange {
  return { file: path, line, column, endLine: line, endColumn: column + 1 };
}

/** The chain ends with where one looked in vain. */
export function nothingElse(at: SourceRange, what: string, project: Project): RelatedLocation {
  return { ...at, message: `${what}: ${countOf(project.files.length, "file was", "files were")} looked at` };
}
