// Operators and brackets.

import { giveUp } from "./give-up.ts";
import type { Scanner } from "./scanner.ts";
import { POWER, type Operator } from "./words.ts";

const EQUALS = 61;

interface Row {
  readonly power: number;
  /** May be followed by "=": an assignment. */
  readonly isAugmented: boolean;
}

const ROWS: ReadonlyMap<Operator, Row> = new Map<Operator, Row>([
  ["+", { power: POWER.sum, isAugmented: true }],
  ["-", { power: POWER.sum, isAugmented: true }],
  ["*", { power: POWER.product, isAugmented: true }],
  // Binds to the right, and stronger than the signs before it: read where operands are.
  ["**", { power: 0, isAugmented: true }],
  ["/", { power: POWER.product, isAugmented: true }],
  ["//", { power: POWER.product, isAugmented: true }],
  ["%", { power: POWER.product, isAugmented: true }],
  ["@", { power: POWER.product, isAugmented: true }],
  ["&", { power: POWER.bitAnd, isAugmented: true }],
  ["|", { power: POWER.bitOr, isAugmented: true }],
  ["^", { power: POWER.bitXor, isAugmented: true }],
  ["<<", { power: POWER.shift, isAugmented: true }],
  [">>", { power: POWER.shift, isAugmented: true }],
  ["<", { power: POWER.compare, isAugmented: false }],
  [">", { power: POWER.compare, isAugmented: false }],
]);

/** Units of ASCII that are a token whatever follows. */
const SINGLE: readonly (Operator | undefined)[] = byUnit(["(", ")", "[", "]", "{", "}", ",", ";", "~"]);
const DOUBLED: readonly (Operator | undefined)[] = byUnit(["*", "/", "<", ">"]);
const PLAIN: readonly (Operator | undefined)[] = byUnit(["+", "-", "*", "/", "%", "@", "&", "|", "^", "<", ">"]);

function byUnit(operators: readonly Operator[]): (Operator | undefined)[] {
  const table = Array.from<Operator | undefined>({ length: 128 });
  for (const each of operators) table[each.charCodeAt(0)] = each;
  return table;
}

/** Reads the operator that begins with `unit` at the scanner's place. */
export function scanOperator(scanner: Scanner, unit: number): void {
  const single = SINGLE[unit];
  if (single !== undefined) {
    if (unit === 40 || unit === 91 || unit === 123) scanner.brackets++;
    else if (unit === 41 || unit === 93 || unit === 125) scanner.brackets--;
    return take(scanner, single, 1, 0);
  }
  const second = scanner.text.charCodeAt(scanner.at + 1);
  if (PLAIN[unit] !== undefined) return scanBinary(scanner, unit, second);
  scanRest(scanner, unit, second);
}

function scanRest(scanner: Scanner, unit: number, second: number): void {
  const hasEquals = second === EQUALS;
  switch (unit) {
    case 46:
      if (second === 46 && scanner.text.charCodeAt(scanner.at + 2) === 46) take(scanner, "...", 3, 0);
      else take(scanner, ".", 1, 0);
      return;
    case 58:
      take(scanner, hasEquals ? ":=" : ":", hasEquals ? 2 : 1, 0);
      return;
    case EQUALS:
      take(scanner, hasEquals ? "==" : "=", hasEquals ? 2 : 1, hasEquals ? POWER.compare : 0);
      return;
    case 33:
      take(scanner, hasEquals ? "!=" : "!", hasEquals ? 2 : 1, hasEquals ? POWER.compare : 0);
      return;
    default:
      giveUp();
  }
}

function scanBinary(scanner: Scanner, unit: number, second: number): void {
  if (unit === 45 && second === 62) return take(scanner, "->", 2, 0);
  if (unit === 60 && second === 62) giveUp();
  const isDoubled = second === unit && DOUBLED[unit] !== undefined;
  const operator = (isDoubled ? `${PLAIN[unit]}${PLAIN[unit]}` : PLAIN[unit]) as Operator;
  const row = ROWS.get(operator);
  if (row === undefined) return giveUp();
  const length = isDoubled ? 2 : 1;
  if (scanner.text.charCodeAt(scanner.at + length) !== EQUALS)
    return take(scanner, nameOf(operator), length, row.power);
  if (!row.isAugmented) return take(scanner, operator === "<" ? "<=" : ">=", 2, POWER.compare);
  scanner.word = operator;
  take(scanner, "augmented", length + 1, 0);
}

/** The one string of an operator: those put together just now are compared slowly. */
function nameOf(operator: Operator): Operator {
  switch (operator) {
    case "**":
      return "**";
    case "//":
      return "//";
    case "<<":
      return "<<";
    case ">>":
      return ">>";
    default:
      return operator;
  }
}

function take(scanner: Scanner, token: Operator, length: number, power: number): void {
  scanner.token = token;
  scanner.power = power;
  scanner.at += length;
}
