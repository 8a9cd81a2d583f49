// Patterns of `match`: only the names that they bind are kept.

import { giveUp } from "./give-up.ts";
import type { Parser } from "./parser.ts";

/** A pattern, or a sequence of them without brackets. */
export function readPatterns(parser: Parser, names: string[]): void {
  readStarred(parser, names);
  while (parser.skip(",")) {
    if (parser.token === ":" || parser.token === "if") return;
    readStarred(parser, names);
  }
}

function readStarred(parser: Parser, names: string[]): void {
  if (parser.skip("*")) bindName(parser, names);
  else readAlternatives(parser, names);
}

function bindName(parser: Parser, names: string[]): void {
  if (parser.token !== "name") giveUp();
  if (parser.word !== "_") names.push(parser.word);
  parser.next();
}

function readAlternatives(parser: Parser, names: string[]): void {
  do readClosed(parser, names);
  while (parser.skip("|"));
  if (parser.skip("as")) bindName(parser, names);
}

function readClosed(parser: Parser, names: string[]): void {
  parser.descend();
  switch (parser.token) {
    case "name":
      readNamed(parser, names);
      break;
    case "(":
    case "[":
      readSequence(parser, names, parser.token === "(" ? ")" : "]");
      break;
    case "{":
      readMapping(parser, names);
      break;
    case "-":
    case "number":
    case "string":
    case "None":
    case "True":
    case "False":
      readLiteral(parser);
      break;
    default:
      giveUp();
  }
  parser.ascend();
}

/** Numbers may be signed, and sums of a real and an imaginary one. */
function readLiteral(parser: Parser): void {
  parser.skip("-");
  const { token } = parser;
  if (token === "string") {
    parser.grammar.operand(parser);
    return;
  }
  parser.next();
  if (token === "number" && (parser.skip("+") || parser.skip("-"))) parser.expect("number");
}

/** A name, a dotted value, or a class with patterns. */
function readNamed(parser: Parser, names: string[]): void {
  const { word } = parser;
  parser.next();
  let isCapture = true;
  while (parser.skip(".")) {
    isCapture = false;
    parser.expect("name");
  }
  if (parser.token === "(") {
    parser.next();
    while (!parser.is(")")) {
      readClassArgument(parser, names);
      if (!parser.skip(",")) break;
    }
    parser.expect(")");
  } else if (isCapture && word !== "_") names.push(word);
}

function readClassArgument(parser: Parser, names: string[]): void {
  const mark = parser.mark();
  if (parser.skip("name") && parser.skip("=")) return readAlternatives(parser, names);
  parser.reset(mark);
  readAlternatives(parser, names);
}

function readSequence(parser: Parser, names: string[], closing: ")" | "]"): void {
  parser.next();
  while (parser.token !== closing) {
    readStarred(parser, names);
    if (!parser.skip(",")) break;
  }
  parser.expect(closing);
}

function readMapping(parser: Parser, names: string[]): void {
  parser.next();
  while (parser.token !== "}") {
    if (parser.skip("**")) bindName(parser, names);
    else {
      // A key is a literal or a dotted name and binds nothing.
      readClosed(parser, []);
      parser.expect(":");
      readAlternatives(parser, names);
    }
    if (!parser.skip(",")) break;
  }
  parser.expect("}");
}
