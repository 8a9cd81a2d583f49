// Reads a query:
//
//   query     := [types] ["where" condition] ["group" "by" field] ["order" "by" field ["asc" | "desc"]] ["limit" N]
//   types     := pattern {"," pattern} | "objects"
//   condition := and {"or" and};  and := not {"and" not};  not := "not" not | "(" condition ")" | comparison
//   comparison := field op value | "garbage"
//   op        := "=" "!=" "<" "<=" ">" ">=" and "~" for patterns with * and ?

import { parseByteAmount } from "../../base/parse-bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { QUERY_FIELDS, QUERY_GROUPS, type QueryField, type QueryGroupName } from "../../model/query-report.ts";
import { nearestNames } from "../queries/nearest.ts";
import { tokensOf, type Token } from "./query-tokens.ts";
import type { Comparison, Condition, Order, QueryError, QueryTree } from "./query-tree.ts";

const CLAUSES = ["where", "group", "order", "limit"];
const COMPARISONS: readonly string[] = ["=", "!=", "<", "<=", ">", ">=", "~"];
const MOST_ROWS = 100_000;

export function parseQuery(text: string): Result<QueryTree, QueryError> {
  const tokens = tokensOf(text);
  if (!tokens.ok) return tokens;
  try {
    return ok(new QueryReader(text, tokens.value).query());
  } catch (error) {
    if (error instanceof Misread) return fail({ ...error.fault, text });
    throw error;
  }
}

/** Thrown from the depth of the reader, and caught above. */
class Misread extends Error {
  readonly fault: Omit<QueryError, "text">;

  constructor(token: Token, sentence: string) {
    super(sentence);
    this.fault = { start: token.start, end: token.end, sentence };
  }
}

class QueryReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  query(): QueryTree {
    const types = this.#types();
    const where = this.#skip("where") ? this.#or() : null;
    const group = this.#skip("group") ? this.#group() : null;
    const order = this.#skip("order") ? this.#order(group) : null;
    const limit = this.#skip("limit") ? this.#limit() : null;
    const rest = this.#next();
    if (rest.kind !== "end") throw new Misread(rest, this.#sayUnexpected(rest));
    return { types, where, group, order, limit };
  }

  #types(): readonly string[] {
    const first = this.#peek();
    if (first.kind === "end" || (first.kind === "word" && CLAUSES.includes(first.text))) return [];
    const types = [this.#pattern()];
    while (this.#skip(",")) types.push(this.#pattern());
    return types.some((each) => each === "objects" || each === "*") ? [] : types;
  }

  #pattern(): string {
    const token = this.#next();
    if (token.kind === "word" || token.kind === "quoted") return token.text;
    throw new Misread(token, "A type stands first: dict, app.models.Session, app.*, or objects for all of them.");
  }

  #or(): Condition {
    let left = this.#and();
    while (this.#skip("or")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.#skip("and")) left = { kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    if (this.#skip("not")) return { kind: "not", of: this.#not() };
    if (!this.#skip("(")) return this.#comparison();
    const inside = this.#or();
    const close = this.#next();
    if (close.text !== ")" || close.kind !== "sign")
      throw new Misread(close, "A parenthesis is not closed: ) is missing.");
    return inside;
  }

  #comparison(): Condition {
    const field = this.#field();
    if (field.name === "garbage") return { kind: "garbage" };
    const sign = this.#next();
    if (sign.kind !== "sign" || !COMPARISONS.includes(sign.text))
      throw new Misread(sign, `After ${field.name} a comparison is needed: =, !=, <, <=, >, >= or ~.`);
    const op = sign.text as Comparison;
    const value = this.#next();
    if (value.kind === "end" || value.kind === "sign")
      throw new Misread(value, `${field.name} is to be compared with something: a value is missing.`);
    return field.kind === "text" ? textCondition(field, op, sign, value) : numberCondition(field, op, sign, value);
  }

  #field(): QueryField {
    const token = this.#next();
    const field = QUERY_FIELDS.find(({ name }) => name === token.text);
    if (field !== undefined && token.kind === "word") return field;
    const names = QUERY_FIELDS.map(({ name }) => name);
    throw new Misread(token, sayUnknown(token, "field", names));
  }

  #group(): QueryGroupName {
    this.#need("by", "group");
    const token = this.#next();
    const group = QUERY_GROUPS.find((name) => name === token.text);
    if (group === undefined) throw new Misread(token, sayUnknown(token, "group", QUERY_GROUPS));
    return group;
  }

  #order(group: QueryGroupName | null): Order {
    this.#need("by", "order");
    const token = this.#peek();
    const by = this.#orderField(group);
    const isText = QUERY_FIELDS.some(({ name, kind }) => name === by && (kind === "text" || kind === "truth"));
    if (isText) throw new Misread(token, `There is no order by ${by}: order by a count or by bytes.`);
    if (this.#skip("asc")) return { by, descending: false };
    this.#skip("desc");
    return { by, descending: true };
  }

  #orderField(group: QueryGroupName | null): Order["by"] {
    if (group === null) return this.#field().name;
    const token = this.#next();
    const found = (["count", "size", "held"] as const).find((name) => name === token.text);
    if (found === undefined) throw new Misread(token, sayUnknown(token, "order of groups", ["count", "size", "held"]));
    return found;
  }

  #limit(): number {
    const token = this.#next();
    const limit = /^\d+$/.test(token.text) ? Number(token.text) : 0;
    if (limit < 1 || limit > MOST_ROWS) throw new Misread(token, `limit takes a number from 1 to ${MOST_ROWS}.`);
    return limit;
  }

  #need(word: string, after: string): void {
    if (!this.#skip(word)) throw new Misread(this.#peek(), `After ${after} stands ${word}: ${after} ${word} …`);
  }

  #sayUnexpected(token: Token): string {
    const before = this.#text.slice(0, token.start).trimEnd();
    const clause = nearestNames(token.text, [...CLAUSES, "and", "or"], 1)[0];
    const hint = clause === undefined || token.kind !== "word" ? "" : ` Did you mean ${clause}?`;
    const clauses = "The order is: types, where, group by, order by, limit.";
    return `${token.text} cannot stand after ${before === "" ? "the beginning" : `"${before.split(/\s+/).at(-1)}"`}.${hint} ${clauses}`;
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  /** The end stays. */
  #next(): Token {
    const token = this.#peek();
    if (token.kind !== "end") this.#at += 1;
    return token;
  }

  #skip(text: string): boolean {
    const token = this.#peek();
    if (token.kind === "quoted" || token.text !== text || token.kind === "end") return false;
    this.#at += 1;
    return true;
  }
}

function textCondition(field: QueryField, op: Comparison, sign: Token, value: Token): Condition {
  const { name } = field;
  if ((op === "=" || op === "!=" || op === "~") && (name === "type" || name === "module" || name === "text"))
    return { kind: "text", field: name, op, text: value.text };
  throw new Misread(sign, `${name} is a text: compare it with =, != or ~ (a pattern with * and ?).`);
}

/** Thousands in counts, 1024s in bytes: 10k entries, 10k bytes. */
function numberCondition(field: QueryField, op: Comparison, sign: Token, value: Token): Condition {
  if (op === "~") throw new Misread(sign, `${field.name} is a number: compare it with =, !=, <, <=, > or >=.`);
  const number = field.kind === "bytes" ? bytesOf(value.text) : countOf(value.text);
  if (number !== null) return { kind: "number", field: field.name, op, value: number };
  const example = field.kind === "bytes" ? "4096, 10k, 1.5MiB" : "100, 10k, 1M";
  throw new Misread(value, `${field.name} is a number, and ${value.text} is none. Examples: ${example}.`);
}

function bytesOf(text: string): number | null {
  return /^0+$/.test(text) ? 0 : parseByteAmount(text);
}

function countOf(text: string): number | null {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(text) ?? [];
  if (digits === undefined) return null;
  return Number(digits) * (unit === "k" ? 1e3 : unit === "M" ? 1e6 : 1);
}

function sayUnknown(token: Token, what: string, names: readonly string[]): string {
  const near = nearestNames(token.text, names, 1)[0];
  const found = token.kind === "end" ? `A ${what} is missing` : `There is no ${what} ${token.text}`;
  return near === undefined || token.kind === "end"
    ? `${found}; there are ${names.join(", ")}.`
    : `${found}. Did you mean ${near}?`;
}
