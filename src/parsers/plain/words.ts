// The words of the language, and how strongly operators bind.

/** Binding of binary operators, weakest first. Source: language reference, "Operator precedence". */
export const POWER = {
  or: 1,
  and: 2,
  compare: 4,
  bitOr: 5,
  bitXor: 6,
  bitAnd: 7,
  shift: 8,
  sum: 9,
  product: 10,
} as const;

/** What a token is: its text for keywords and operators, a word for the rest. */
export type Token = "name" | "number" | "string" | "newline" | "indent" | "dedent" | "end" | Keyword | Operator;

export type Operator =
  | "("
  | ")"
  | "["
  | "]"
  | "{"
  | "}"
  | ","
  | ":"
  | ";"
  | "."
  | "..."
  | "="
  | ":="
  | "->"
  | "!"
  | "~"
  | "+"
  | "-"
  | "*"
  | "**"
  | "/"
  | "//"
  | "%"
  | "@"
  | "&"
  | "|"
  | "^"
  | "<<"
  | ">>"
  | "<"
  | ">"
  | "<="
  | ">="
  | "=="
  | "!="
  /** `op=`; the operator is in the scanner's `word`. */
  | "augmented";

const KEYWORDS = [
  "False",
  "None",
  "True",
  "and",
  "as",
  "assert",
  "async",
  "await",
  "break",
  "class",
  "continue",
  "def",
  "del",
  "elif",
  "else",
  "except",
  "finally",
  "for",
  "from",
  "global",
  "if",
  "import",
  "in",
  "is",
  "lambda",
  "nonlocal",
  "not",
  "or",
  "pass",
  "raise",
  "return",
  "try",
  "while",
  "with",
  "yield",
] as const;

export type Keyword = (typeof KEYWORDS)[number];

const POWERS: Readonly<Partial<Record<Keyword, number>>> = {
  or: POWER.or,
  and: POWER.and,
  in: POWER.compare,
  is: POWER.compare,
  not: POWER.compare,
};

/** Every keyword; 0 for those that are no binary operators. */
export const KEYWORD_POWERS: ReadonlyMap<string, number> = new Map(KEYWORDS.map((word) => [word, POWERS[word] ?? 0]));

export const STRING_PREFIXES: ReadonlySet<string> = new Set([
  "r",
  "u",
  "b",
  "f",
  "t",
  "br",
  "rb",
  "fr",
  "rf",
  "tr",
  "rt",
]);
