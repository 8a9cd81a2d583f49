// Tokens of Python, one at a time, for the parser of this folder. Whatever is unusual ends it: see give-up.ts.

import { giveUp } from "./give-up.ts";
import { KEYWORD_POWERS, STRING_PREFIXES, type Token } from "./words.ts";
import { scanOperator } from "./operators.ts";
import { endOfNumber } from "./numbers.ts";

const TAB = 9;
const LF = 10;
const FF = 12;
const CR = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const QUOTE = 39;
const BACKSLASH = 92;

/** Where a scanner stands, to come back to. */
export interface Mark {
  readonly at: number;
  readonly token: Token;
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly lastEnd: number;
  readonly power: number;
  readonly brackets: number;
}

export class Scanner {
  readonly text: string;
  /** Lines end with CR and LF. */
  readonly hasReturns: boolean;
  /** The next unread unit. */
  at = 0;
  token: Token = "newline";
  /** Of names and keywords, what they say. */
  word = "";
  start = 0;
  end = 0;
  /** Where the token before ended. */
  lastEnd = 0;
  /** How strongly the token binds as a binary operator; 0 for other tokens. */
  power = 0;
  /** Open brackets: inside, lines do not count. */
  brackets = 0;
  readonly #indents: number[] = [0];
  #dedents = 0;
  #isLineStart = true;
  /** Lines that begin with tabs and lines that begin with spaces do not mix well. */
  #indentUnit = 0;
  /** One string for every name, however often it stands there. */
  readonly #words = new Map<string, string>();

  constructor(text: string) {
    this.text = text;
    // Before LF it is a blank like others; lines that end with it alone are not worth their cost.
    this.hasReturns = text.includes("\r");
    if (this.hasReturns && /\r(?!\n)/.test(text)) giveUp();
  }

  mark(): Mark {
    const { at, token, word, start, end, lastEnd, power, brackets } = this;
    return { at, token, word, start, end, lastEnd, power, brackets };
  }

  /** Only within one logical line. */
  reset(mark: Mark): void {
    this.at = mark.at;
    this.token = mark.token;
    this.word = mark.word;
    this.start = mark.start;
    this.end = mark.end;
    this.lastEnd = mark.lastEnd;
    this.power = mark.power;
    this.brackets = mark.brackets;
    this.#isLineStart = false;
    this.#dedents = 0;
  }

  /** Goes on to the next token. */
  next(): void {
    this.lastEnd = this.end;
    this.power = 0;
    if (this.#dedents > 0) return this.#dedent();
    if (this.#isLineStart && this.#startLine()) return;
    this.#skipBlanks();
    const { text, at } = this;
    this.start = at;
    if (at >= text.length) return this.#finish();
    const unit = text.charCodeAt(at);
    if (isNameStart(unit)) this.#scanWord();
    else if (unit === LF) this.#endLine();
    else if (unit === QUOTE || unit === DOUBLE_QUOTE) this.token = "string";
    else if (isDigit(unit) || (unit === 46 && isDigit(text.charCodeAt(at + 1)))) this.#scanNumber();
    else scanOperator(this, unit);
    if (this.token !== "string") this.end = this.at;
  }

  /** The same as a comparison of `token`, where the compiler remembers an earlier one. */
  is(token: Token): boolean {
    return this.token === token;
  }

  /** Goes on if the token is the expected one; gives up otherwise. */
  expect(token: Token): void {
    if (this.token !== token) giveUp();
    this.next();
  }

  /** Whether the token is `token`; goes on then. */
  skip(token: Token): boolean {
    if (this.token !== token) return false;
    this.next();
    return true;
  }

  #set(token: Token): void {
    this.token = token;
    this.start = this.at;
    this.end = this.at;
  }

  #dedent(): void {
    this.#dedents--;
    this.#set("dedent");
  }

  /** Reads the indentation of the next line with something on it. True when that is a token. */
  #startLine(): boolean {
    const { text } = this;
    let width = 0;
    let { at } = this;
    let unitSeen = 0;
    for (; ; at++) {
      const unit = text.charCodeAt(at);
      if (unit === SPACE) width++;
      else if (unit === TAB) width += 8;
      else if (unit === FF) width = 0;
      else if (unit === HASH) at = endOfLine(text, at) - 1;
      else if (unit === LF) {
        width = 0;
        unitSeen = 0;
      } else if (unit !== CR) break;
      if (unit === SPACE || unit === TAB) unitSeen |= unit === TAB ? 1 : 2;
    }
    this.at = at;
    this.#isLineStart = false;
    if (at >= text.length) return false;
    if (text.charCodeAt(at) === BACKSLASH) giveUp();
    this.#indentUnit |= unitSeen;
    if (this.#indentUnit === 3) giveUp();
    return this.#indentTo(width);
  }

  #indentTo(width: number): boolean {
    const indents = this.#indents;
    const now = indents[indents.length - 1] ?? 0;
    if (width === now) return false;
    if (width > now) {
      indents.push(width);
      this.#set("indent");
      return true;
    }
    while ((indents[indents.length - 1] ?? 0) > width) {
      indents.pop();
      this.#dedents++;
    }
    if (indents[indents.length - 1] !== width) giveUp();
    this.#dedent();
    return true;
  }

  #skipBlanks(): void {
    const { text, brackets } = this;
    let { at } = this;
    for (; ; at++) {
      const unit = text.charCodeAt(at);
      if (unit === SPACE || unit === TAB || unit === FF || unit === CR || (unit === LF && brackets > 0)) continue;
      if (unit === HASH) at = endOfLine(text, at) - 1;
      else if (unit === BACKSLASH && endsLine(text, at + 1)) at = endOfLine(text, at);
      else break;
    }
    this.at = at;
  }

  #endLine(): void {
    this.token = "newline";
    this.at++;
    this.#isLineStart = true;
  }

  /** The end of the text ends the line and every suite. */
  #finish(): void {
    if (this.brackets > 0) giveUp();
    if (this.token !== "newline" && this.token !== "dedent" && this.token !== "end") return this.#set("newline");
    this.#set("end");
    if (this.#indents.length > 1) {
      this.#indents.pop();
      this.token = "dedent";
    }
  }

  #scanWord(): void {
    const { text } = this;
    let at = this.at + 1;
    let unit = text.charCodeAt(at);
    while (isNamePart(unit)) unit = text.charCodeAt(++at);
    // Names of other scripts are normalised: left to those who know how.
    if (unit > 127) giveUp();
    if ((unit === QUOTE || unit === DOUBLE_QUOTE) && at - this.start <= 2 && this.#isPrefix(at)) return;
    this.at = at;
    const slice = text.slice(this.start, at);
    this.word = this.#words.get(slice) ?? this.#remember(slice);
    const power = KEYWORD_POWERS.get(this.word);
    if (power === undefined) this.token = "name";
    else {
      this.token = this.word as Token;
      this.power = power;
    }
  }

  /** A long slice holds the whole text it was cut from; this copy does not, and facts may keep it. */
  #remember(slice: string): string {
    const word = ` ${slice}`.slice(1);
    this.#words.set(word, word);
    return word;
  }

  #isPrefix(at: number): boolean {
    if (!STRING_PREFIXES.has(this.text.slice(this.start, at).toLowerCase())) return false;
    this.token = "string";
    return true;
  }

  #scanNumber(): void {
    this.token = "number";
    this.at = endOfNumber(this.text, this.start);
    if (isNamePart(this.text.charCodeAt(this.at))) giveUp();
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function endsLine(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit === LF || unit === CR;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isNameStart(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95;
}

function isNamePart(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 48 && unit <= 57);
}
