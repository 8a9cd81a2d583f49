// The syntax tree that everything above the parser sees: small, desugared, the same whichever parser made it.
// Offsets are UTF-16 positions in the decoded text of the module (SourceText.text). Every node knows its parent.
//
// Spans: an expression in parentheses begins and ends with them; a function or class begins with its first decorator.
//
// What is left out on purpose: nodes for parentheses, patterns of `match`, type parameters (PEP 695), comments (kept apart, see comments.ts), the order of `elif`s (an `elif` is
// an `if` in `otherwise`), type comments.

export interface NodeBase {
  readonly start: number;
  readonly end: number;
  /** Null only for the module. */
  readonly parent: Node | null;
}

export type Node = Module | Statement | Expression | Part;

/** Pieces that are neither statement nor expression. */
export type Part =
  | Parameter
  | Argument
  | Alias
  | WithItem
  | ExceptHandler
  | MatchCase
  | ComprehensionClause
  | DictEntry;

export interface Module extends NodeBase {
  readonly kind: "module";
  readonly body: readonly Statement[];
}

// Statements -------------------------------------------------------------------------------------------------------

export type Statement =
  | FunctionDef
  | ClassDef
  | Assign
  | AugAssign
  | ExpressionStatement
  | Return
  | Raise
  | Delete
  | Import
  | ImportFrom
  | Global
  | Nonlocal
  | If
  | For
  | While
  | With
  | Try
  | Match
  | Assert
  | TypeAlias
  | Simple;

export interface FunctionDef extends NodeBase {
  readonly kind: "function";
  readonly name: string;
  readonly nameStart: number;
  readonly isAsync: boolean;
  readonly decorators: readonly Expression[];
  readonly parameters: readonly Parameter[];
  readonly returns: Expression | null;
  readonly body: readonly Statement[];
}

export interface Parameter extends NodeBase {
  readonly kind: "parameter";
  /** "" for a bare `*` and for `/`. */
  readonly name: string;
  readonly star: "" | "*" | "**";
  readonly annotation: Expression | null;
  readonly defaultValue: Expression | null;
  /** After `*` or `*args`. */
  readonly isKeywordOnly: boolean;
}

export interface ClassDef extends NodeBase {
  readonly kind: "class";
  readonly name: string;
  readonly nameStart: number;
  readonly decorators: readonly Expression[];
  /** Bases and keywords (`metaclass=`). */
  readonly arguments: readonly Argument[];
  readonly body: readonly Statement[];
}

/** `a = b = value`, `a: T = value`, `a: T`. */
export interface Assign extends NodeBase {
  readonly kind: "assign";
  readonly targets: readonly Expression[];
  readonly annotation: Expression | null;
  /** Null for a bare annotation. */
  readonly value: Expression | null;
}

/** `target op= value`; `op` without the `=`. */
export interface AugAssign extends NodeBase {
  readonly kind: "aug-assign";
  readonly target: Expression;
  readonly op: string;
  readonly value: Expression;
}

export interface ExpressionStatement extends NodeBase {
  readonly kind: "expression-statement";
  readonly value: Expression;
}

export interface Return extends NodeBase {
  readonly kind: "return";
  readonly value: Expression | null;
}

export interface Raise extends NodeBase {
  readonly kind: "raise";
  readonly exception: Expression | null;
  readonly cause: Expression | null;
}

export interface Delete extends NodeBase {
  readonly kind: "delete";
  readonly targets: readonly Expression[];
}

export interface Import extends NodeBase {
  readonly kind: "import";
  readonly names: readonly Alias[];
}

export interface ImportFrom extends NodeBase {
  readonly kind: "import-from";
  /** Leading dots. */
  readonly level: number;
  /** "" for `from . import x`. */
  readonly module: string;
  /** One alias named "*" for a star import. */
  readonly names: readonly Alias[];
}

export interface Alias extends NodeBase {
  readonly kind: "alias";
  /** Dotted for `import a.b`. */
  readonly name: string;
  readonly asName: string | null;
}

export interface Global extends NodeBase {
  readonly kind: "global";
  readonly names: readonly string[];
}

export interface Nonlocal extends NodeBase {
  readonly kind: "nonlocal";
  readonly names: readonly string[];
}

export interface If extends NodeBase {
  readonly kind: "if";
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export interface For extends NodeBase {
  readonly kind: "for";
  readonly isAsync: boolean;
  readonly target: Expression;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export interface While extends NodeBase {
  readonly kind: "while";
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export interface With extends NodeBase {
  readonly kind: "with";
  readonly isAsync: boolean;
  readonly items: readonly WithItem[];
  readonly body: readonly Statement[];
}

export interface WithItem extends NodeBase {
  readonly kind: "with-item";
  readonly context: Expression;
  readonly target: Expression | null;
}

export interface Try extends NodeBase {
  readonly kind: "try";
  readonly body: readonly Statement[];
  readonly handlers: readonly ExceptHandler[];
  readonly otherwise: readonly Statement[];
  readonly finallyBody: readonly Statement[];
}

export interface ExceptHandler extends NodeBase {
  readonly kind: "except";
  /** `except*`. */
  readonly isGroup: boolean;
  readonly type: Expression | null;
  readonly name: string | null;
  readonly body: readonly Statement[];
}

export interface Match extends NodeBase {
  readonly kind: "match";
  readonly subject: Expression;
  readonly cases: readonly MatchCase[];
}

/** Patterns are kept only as the names they bind. */
export interface MatchCase extends NodeBase {
  readonly kind: "case";
  readonly boundNames: readonly string[];
  readonly guard: Expression | null;
  readonly body: readonly Statement[];
}

export interface Assert extends NodeBase {
  readonly kind: "assert";
  readonly test: Expression;
  readonly message: Expression | null;
}

/** `type X = ...` (3.12). */
export interface TypeAlias extends NodeBase {
  readonly kind: "type-alias";
  readonly name: string;
  readonly value: Expression;
}

export interface Simple extends NodeBase {
  readonly kind: "simple";
  readonly word: "pass" | "break" | "continue";
}

// Expressions ------------------------------------------------------------------------------------------------------

export type Expression =
  | Name
  | Attribute
  | Subscript
  | Call
  | Constant
  | FormattedString
  | Display
  | DictDisplay
  | Comprehension
  | Lambda
  | Conditional
  | Operation
  | Compare
  | Await
  | Yield
  | Walrus
  | Starred
  | Slice
  | Unreadable;

export interface Name extends NodeBase {
  readonly kind: "name";
  readonly id: string;
}

export interface Attribute extends NodeBase {
  readonly kind: "attribute";
  readonly object: Expression;
  readonly name: string;
  readonly nameStart: number;
}

export interface Subscript extends NodeBase {
  readonly kind: "subscript";
  readonly object: Expression;
  /** A tuple display for `a[i, j]`. */
  readonly index: Expression;
}

export interface Call extends NodeBase {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
}

export interface Argument extends NodeBase {
  readonly kind: "argument";
  /** Null for positional arguments. */
  readonly name: string | null;
  readonly star: "" | "*" | "**";
  readonly value: Expression;
}

export interface Constant extends NodeBase {
  readonly kind: "constant";
  readonly type: "str" | "bytes" | "int" | "float" | "complex" | "bool" | "none" | "ellipsis";
  /** The value of strings (pieces joined, escapes resolved); the source text of everything else. */
  readonly text: string;
}

/** f-strings and t-strings, also when joined to plain strings. */
export interface FormattedString extends NodeBase {
  readonly kind: "f-string";
  readonly isTemplate: boolean;
  /** Text between the expressions: always one more than `expressions`. */
  readonly literals: readonly string[];
  readonly expressions: readonly Expression[];
}

/** `[...]`, `(...)`, `{a, b}`. */
export interface Display extends NodeBase {
  readonly kind: "display";
  readonly type: "list" | "tuple" | "set";
  readonly elements: readonly Expression[];
}

export interface DictDisplay extends NodeBase {
  readonly kind: "dict";
  readonly entries: readonly DictEntry[];
}

export interface DictEntry extends NodeBase {
  readonly kind: "dict-entry";
  /** Null for `**value`. */
  readonly key: Expression | null;
  readonly value: Expression;
}

export interface Comprehension extends NodeBase {
  readonly kind: "comprehension";
  readonly type: "list" | "set" | "dict" | "generator";
  /** The key of a dict comprehension. */
  readonly key: Expression | null;
  readonly element: Expression;
  readonly clauses: readonly ComprehensionClause[];
}

/** `for target in iterable if test if test`. */
export interface ComprehensionClause extends NodeBase {
  readonly kind: "clause";
  readonly isAsync: boolean;
  readonly target: Expression;
  readonly iterable: Expression;
  readonly tests: readonly Expression[];
}

export interface Lambda extends NodeBase {
  readonly kind: "lambda";
  readonly parameters: readonly Parameter[];
  readonly body: Expression;
}

/** `body if test else otherwise`. */
export interface Conditional extends NodeBase {
  readonly kind: "conditional";
  readonly test: Expression;
  readonly body: Expression;
  readonly otherwise: Expression;
}

/** Arithmetic, `and`, `or`, `not`, unary signs: one operand for unary ones. Chains of one operator may be nested. */
export interface Operation extends NodeBase {
  readonly kind: "operation";
  readonly op: string;
  readonly operands: readonly Expression[];
}

/** One comparison; a chain `a < b < c` is an `and` of two whose middle operand is the same source. */
export interface Compare extends NodeBase {
  readonly kind: "compare";
  readonly op: "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "is" | "is not";
  readonly left: Expression;
  readonly right: Expression;
}

export interface Await extends NodeBase {
  readonly kind: "await";
  readonly value: Expression;
}

export interface Yield extends NodeBase {
  readonly kind: "yield";
  readonly isFrom: boolean;
  readonly value: Expression | null;
}

/** `name := value`. */
export interface Walrus extends NodeBase {
  readonly kind: "walrus";
  readonly target: Name;
  readonly value: Expression;
}

export interface Starred extends NodeBase {
  readonly kind: "starred";
  readonly value: Expression;
}

export interface Slice extends NodeBase {
  readonly kind: "slice";
  readonly lower: Expression | null;
  readonly upper: Expression | null;
  readonly step: Expression | null;
}

/** What the parser could not read, with the expressions that it did find inside. */
export interface Unreadable extends NodeBase {
  readonly kind: "unreadable";
  readonly inside: readonly Expression[];
}

export type NodeKind = Node["kind"];
export type NodeOf<Kind extends NodeKind> = Extract<Node, { readonly kind: Kind }>;

/** Nodes that open a scope of their own. */
export type ScopeNode = Module | ClassDef | FunctionDef | Lambda | Comprehension;
