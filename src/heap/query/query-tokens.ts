// The words of a query, with their places.

import { fail, ok, type Result } from "../../base/result.ts";
import type { QueryError } from "./query-tree.ts";

export interface Token {
  readonly kind: "word" | "quoted" | "sign" | "end";
  /** Without quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Blanks; signs; quoted texts, in which a quote is written twice; everything else up to the next of these. */
const TOKEN = /\s+|(?<sign>!=|<=|>=|==|[=<>~(),])|(?<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?<word>[^\s=<>~(),!'"]+)/y;
/** Names of places that are no modules, and of types: `<native>`. */
const ANGLED = /<[\w.$-]+>/y;

/** The last token is the end. */
export function tokensOf(text: string): Result<readonly Token[], QueryError> {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const angled = matchAt(ANGLED, text, at);
    const found = angled ?? matchAt(TOKEN, text, at);
    if (found === null) return fail(strange(text, at));
    const end = at + found[0].length;
    const token = tokenOf(found, angled !== null, at, end);
    if (token !== null) tokens.push(token);
    at = end;
  }
  return ok([...tokens, { kind: "end", text: "", start: text.length, end: text.length }]);
}

function tokenOf(found: RegExpExecArray, isAngled: boolean, start: number, end: number): Token | null {
  const { sign, quoted, word } = found.groups ?? {};
  if (isAngled) return { kind: "word", text: found[0], start, end };
  if (sign !== undefined) return { kind: "sign", text: sign === "==" ? "=" : sign, start, end };
  if (quoted !== undefined) {
    const quote = quoted.charAt(0);
    return { kind: "quoted", text: quoted.slice(1, -1).replaceAll(quote + quote, quote), start, end };
  }
  return word === undefined ? null : { kind: "word", text: word, start, end };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function strange(text: string, at: number): QueryError {
  const character = text.charAt(at);
  const sentence =
    character === "'" || character === '"'
      ? "This quote is not closed."
      : `The character ${character} means nothing here; quote a name that has it.`;
  return { text, start: at, end: at + 1, sentence };
}
