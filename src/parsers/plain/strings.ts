// String literals. Those that stand next to each other are one constant, or one f-string when any of them is one.

import type { Expression } from "../../python/tree.ts";
import { giveUp } from "./give-up.ts";
import { adopt, LATER, type Made, type Parser } from "./parser.ts";
import { unescaped } from "./unescape.ts";

const BACKSLASH = 92;
const LF = 10;
const CR = 13;
const OPEN = 123;
const CLOSE = 125;

/** What the strings read so far say. */
interface Joined {
  text: string;
  isBytes: boolean;
  isTemplate: boolean;
  /** Null until one of them has expressions. */
  readonly literals: string[];
  readonly expressions: Expression[];
  isFormatted: boolean;
}

export function readStrings(parser: Parser): Made {
  const { start } = parser;
  const joined: Joined = {
    text: "",
    isBytes: false,
    isTemplate: false,
    literals: [],
    expressions: [],
    isFormatted: false,
  };
  for (let count = 0; parser.token === "string"; count++) {
    const isBytes = readString(parser, joined);
    if (count > 0 && isBytes !== joined.isBytes) giveUp();
    joined.isBytes = isBytes;
    parser.end = parser.at;
    parser.next();
  }
  const end = parser.lastEnd;
  const { text, isTemplate, literals, expressions } = joined;
  if (!joined.isFormatted)
    return { kind: "constant", start, end, parent: LATER, type: joined.isBytes ? "bytes" : "str", text };
  literals.push(text);
  const node: Made = { kind: "f-string", start, end, parent: LATER, isTemplate, literals, expressions };
  for (const expression of expressions) adopt(expression, node);
  return node;
}

/** Reads the literal at the token, whose quote may have a prefix. True for bytes. */
function readString(parser: Parser, joined: Joined): boolean {
  const { text } = parser;
  let at = parser.start;
  let isRaw = false;
  let isBytes = false;
  let isFormatted = false;
  let unit = text.charCodeAt(at);
  for (; unit !== 34 && unit !== 39; unit = text.charCodeAt(++at)) {
    const letter = unit | 32;
    if (letter === 114) isRaw = true;
    else if (letter === 98) isBytes = true;
    else if (letter === 102 || letter === 116) {
      isFormatted = true;
      if (letter === 116) joined.isTemplate = true;
    }
  }
  const isTriple = text.charCodeAt(at + 1) === unit && text.charCodeAt(at + 2) === unit;
  const quote = { unit, isTriple, isRaw };
  parser.at = at + (isTriple ? 3 : 1);
  if (isFormatted) {
    joined.isFormatted = true;
    readFormatted(parser, quote, joined);
  } else readPlain(parser, quote, joined, isBytes);
  return isBytes;
}

interface Quote {
  readonly unit: number;
  readonly isTriple: boolean;
  readonly isRaw: boolean;
}

function readPlain(parser: Parser, quote: Quote, joined: Joined, isBytes: boolean): void {
  const { text } = parser;
  const from = parser.at;
  let { at } = parser;
  let isEscaped = false;
  let isAscii = true;
  for (; ; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote.unit && endsAt(text, at, quote)) break;
    if (unit === BACKSLASH) {
      isEscaped = true;
      at += escapedLength(text, at);
    } else if (unit > 127) isAscii = false;
    else if (unit === LF && !quote.isTriple) giveUp();
    if (at >= text.length) giveUp();
  }
  if (isBytes && !isAscii) giveUp();
  const content = contentOf(parser, from, at);
  const value = isEscaped && !quote.isRaw ? unescaped(content, isBytes) : content;
  joined.text = joined.text === "" ? value : joined.text + value;
  parser.at = at + (quote.isTriple ? 3 : 1);
}

/** Python reads every line end in a literal as LF. */
function contentOf({ text, hasReturns }: Parser, from: number, to: number): string {
  const content = text.slice(from, to);
  return hasReturns ? content.replaceAll("\r\n", "\n") : content;
}

function endsAt(text: string, at: number, { unit, isTriple }: Quote): boolean {
  return !isTriple || (text.charCodeAt(at + 1) === unit && text.charCodeAt(at + 2) === unit);
}

/** Up to after the quote. */
function readFormatted(parser: Parser, quote: Quote, joined: Joined): void {
  const { text } = parser;
  let from = parser.at;
  let { at } = parser;
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote.unit && endsAt(text, at, quote)) {
      joined.text += contentOf(parser, from, at);
      parser.at = at + (quote.isTriple ? 3 : 1);
      return;
    }
    if (unit === BACKSLASH) at += escapeLength(text, at, quote);
    else if (unit === LF && !quote.isTriple) giveUp();
    else if (unit === CLOSE && text.charCodeAt(++at) !== CLOSE) giveUp();
    else if (unit === OPEN && text.charCodeAt(at + 1) === OPEN) at++;
    else if (unit === OPEN) {
      joined.text += contentOf(parser, from, at);
      parser.at = at + 1;
      readField(parser, quote, joined);
      from = parser.at;
      at = from - 1;
    }
  }
  giveUp();
}

/** `>{width}` of `{x:>{width}}`, up to the brace that ends it. Only what is in braces is kept. */
function readFormat(parser: Parser, quote: Quote, joined: Joined): void {
  const { text } = parser;
  for (; parser.at < text.length; parser.at++) {
    const unit = text.charCodeAt(parser.at);
    if (unit === CLOSE) return;
    if (unit === OPEN) {
      parser.at++;
      readField(parser, quote, joined);
      parser.at--;
    } else if (unit === BACKSLASH || unit === LF || unit === quote.unit) giveUp();
  }
  giveUp();
}

/** Length of what a backslash stands before: a character, or a line end of two. */
function escapedLength(text: string, at: number): number {
  return text.charCodeAt(at + 1) === CR ? 2 : 1;
}

/** How many units after the backslash belong to it; a brace after one is still a brace. */
function escapeLength(text: string, at: number, { isRaw }: Quote): number {
  const next = text.charCodeAt(at + 1);
  if (next === OPEN || next === CLOSE) return 0;
  if (next !== 78 || isRaw || text.charCodeAt(at + 2) !== OPEN) return escapedLength(text, at);
  const end = text.indexOf("}", at);
  return end < 0 ? giveUp() : end - at;
}

/** From after "{" to after "}". */
function readField(parser: Parser, quote: Quote, joined: Joined): void {
  parser.descend();
  parser.brackets++;
  parser.next();
  const expression =
    parser.token === "yield" ? parser.grammar.yielding(parser) : parser.grammar.list(parser, parser.grammar.test);
  joined.literals.push(joined.text);
  joined.text = "";
  joined.expressions.push(expression);
  parser.skip("=");
  if (parser.skip("!")) parser.expect("name");
  if (parser.token === ":" || parser.token === ":=") {
    parser.at = parser.start + 1;
    readFormat(parser, quote, joined);
    parser.brackets--;
    parser.at++;
  } else {
    if (parser.token !== "}") giveUp();
    parser.at = parser.end;
  }
  parser.ascend();
}
