// Lines that fill or empty a name, by their text: for local variables and for names that the project index does not know
// as containers, such as `CACHE = make_cache()`.

import type { ProcessSource } from "./process-source.ts";

export interface TextSites {
  /** Line numbers, from 1. */
  readonly declared: number | null;
  readonly inserts: readonly number[];
  /** Every line that gives the name a new value. */
  readonly assigned: readonly number[];
  readonly removals: readonly number[];
}

export interface TextRange {
  readonly from: number;
  readonly to: number;
}

const FILLS =
  "append|appendleft|add|extend|insert|setdefault|update|put|put_nowait|push|set|store|register|subscribe|connect|addHandler|record|write|send|submit|create_task";
const EMPTIES =
  "pop|popitem|popleft|remove|discard|clear|get_nowait|evict|expire|unregister|unsubscribe|disconnect|removeHandler|cache_clear";

/** `word` as a whole word; `range` in lines, both ends included. O(lines). */
export function sitesInText(source: ProcessSource, file: string, word: string, range?: TextRange): TextSites {
  const name = `(?<![\\w])${word.replaceAll(/[^\w]/g, "\\$&")}(?!\\w)`;
  const items = `${name}(?:\\[[^\\]]*\\])*`;
  const declares = new RegExp(`(?:^\\s*|[.,(]\\s*|\\bas\\s+|\\bfor\\s+)${name}\\s*(?::[^=]+)?(?:=(?!=)|\\bin\\b|\\))`);
  const assigns = new RegExp(`${name}\\s*(?::[^=]+)?=(?!=)`);
  const fills = new RegExp(
    `${items}\\.(?:${FILLS})\\(|${name}(?:\\[[^\\]]*\\])+\\s*(?::[^=]+)?=(?!=)|${items}\\s*(?:\\+|\\|)=|${name}\\s*=\\s*[^=].*${name}`,
  );
  const empties = new RegExp(`${items}\\.(?:${EMPTIES})\\(|\\bdel\\s.*${name}`);
  const found = {
    declared: null as number | null,
    inserts: [] as number[],
    assigned: [] as number[],
    removals: [] as number[],
  };
  const lines = source.linesOf(file);
  const last = Math.min(range?.to ?? lines.length, lines.length);
  for (let line = range?.from ?? 1; line <= last; line++) {
    const text = withoutComment(lines[line - 1] ?? "");
    if (!text.includes(word)) continue;
    if (fills.test(text)) found.inserts.push(line);
    else if (empties.test(text)) found.removals.push(line);
    else if (declares.test(text)) {
      found.declared ??= line;
      if (assigns.test(text)) found.assigned.push(line);
    }
  }
  return found;
}

/** Quotes are rare in such lines; a `#` inside of them only shortens the text. */
function withoutComment(line: string): string {
  return line.replace(/(?:^|\s)#.*$/, "");
}
