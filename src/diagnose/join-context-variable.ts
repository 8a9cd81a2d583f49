// The value of a context variable: the program reaches it through the variable, whatever that is called in its sources.

import { functionAtLine } from "./line-owner.ts";
import type { NamedPlace } from "./places-on-path.ts";
import { type ProcessSource, siteAt } from "./process-source.ts";
import { rankOf, type RankedLine } from "./rank-sites.ts";
import { NO_JOIN, sitesOf, type SourceJoin } from "./source-join.ts";
import { sitesInText } from "./text-sites.ts";

/** `REQUEST = ContextVar("request")` as the sources have it. */
interface VariableMade {
  readonly file: string;
  readonly line: number;
  /** What it is assigned to. */
  readonly word: string;
}

/** A line that gives the variable another value stands behind those that add to the value it has. */
const SETS = 5;

/** `place`: the step `contextvar "request"`. Null when no source makes a variable of that name. O(lines). */
export function joinContextVariable(source: ProcessSource, { word: name }: NamedPlace): SourceJoin | null {
  const made = source.project.files.flatMap(({ path }) => madeIn(source, path, name));
  const [first] = made.toSorted((a, b) => Number(source.isOwn(b.file)) - Number(source.isOwn(a.file)));
  if (first === undefined) return null;
  const uses = source.project.files.map(({ path }) => usesIn(source, path, first.word));
  return {
    ...NO_JOIN,
    declared: siteAt(source, first.file, first.line),
    inserts: sitesOf(
      source,
      uses.flatMap(({ fills }) => fills),
    ),
    removals: sitesOf(
      source,
      uses.flatMap(({ empties }) => empties),
    ),
  };
}

function madeIn(source: ProcessSource, file: string, name: string): readonly VariableMade[] {
  const lines = source.linesOf(file);
  const quoted = name.replaceAll(/[^\w]/g, "\\$&");
  // The call may be broken after its bracket, and the variable may have a type.
  const makes = new RegExp(
    `^\\s*(?:self\\.|cls\\.)?(\\w+)\\s*(?::[^=]+)?=\\s*(?:\\w+\\.)*ContextVar(?:\\[.*?\\])?\\(\\s*(?:name\\s*=\\s*)?(['"])${quoted}\\2`,
  );
  return lines.flatMap((line, at) => {
    if (!line.includes("ContextVar")) return [];
    const word = makes.exec(`${line.trimEnd()}${lines[at + 1]?.trim() ?? ""}`)?.[1];
    return word === undefined ? [] : [{ file, line: at + 1, word }];
  });
}

interface Uses {
  readonly fills: readonly RankedLine[];
  readonly empties: readonly RankedLine[];
}

/** `REQUEST.get().append(...)`, `REQUEST.set(...)`, and what is done with a local name of `REQUEST.get()`. */
function usesIn(source: ProcessSource, file: string, word: string): Uses {
  const lines = source.linesOf(file);
  if (!lines.some((line) => line.includes(word))) return { fills: [], empties: [] };
  const direct = sitesInText(source, file, `${word}.get()`);
  const renamed = lines.flatMap((line, at) => throughName(source, file, line, at + 1, word));
  const sets = lines.flatMap((line, at) => (new RegExp(`\\b${word}\\.set\\(`).test(line) ? [at + 1] : []));
  const resets = lines.flatMap((line, at) => (new RegExp(`\\b${word}\\.reset\\(`).test(line) ? [at + 1] : []));
  const ranked = (numbers: readonly number[], extra: number = 0): readonly RankedLine[] =>
    numbers.map((line) => {
      const rank = rankOf(source.project, functionAtLine(source.project, { file, line }));
      return { file, line, rank: rank + extra };
    });
  return {
    fills: [...ranked([...direct.inserts, ...renamed.flatMap(({ inserts }) => inserts)]), ...ranked(sets, SETS)],
    empties: ranked([...direct.removals, ...renamed.flatMap(({ removals }) => removals), ...resets]),
  };
}

type Sites = Pick<ReturnType<typeof sitesInText>, "inserts" | "removals">;

/** `rows = REQUEST.get()`: what the function then does with `rows`. */
function throughName(source: ProcessSource, file: string, line: string, at: number, word: string): readonly Sites[] {
  const name = new RegExp(`^\\s*(\\w+)\\s*(?::[^=]+)?=\\s*(?:\\w+\\.)*${word}\\.get\\(`).exec(line)?.[1];
  if (name === undefined) return [];
  const around = functionAtLine(source.project, { file, line: at });
  const range = around === null ? undefined : { from: at, to: around.fact.endLine };
  return [sitesInText(source, file, name, range)];
}
