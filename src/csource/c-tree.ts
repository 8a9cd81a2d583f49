// The tree of a C file that the analysis reads: what matters for who owns what, and nothing of types but their names.
// Offsets are UTF-16 positions in the text. Parentheses, comments and qualifiers are gone.

export interface CSpan {
  readonly start: number;
  readonly end: number;
}

export type CExpression =
  | CName
  | CLiteral
  | CCall
  | CAssign
  | CField
  | CIndex
  | CUnary
  | CBinary
  | CConditional
  | CCast
  | CGroup;

export interface CName extends CSpan {
  readonly kind: "name";
  readonly name: string;
}

/** NULL and characters are numbers; a text has no number. */
export interface CLiteral extends CSpan {
  readonly kind: "literal";
  readonly number: number | null;
  readonly text: string;
}

export interface CCall extends CSpan {
  readonly kind: "call";
  /** Empty when it is not a plain name: a function pointer in a field, say. */
  readonly name: string;
  readonly callee: CExpression;
  readonly args: readonly CExpression[];
}

export interface CAssign extends CSpan {
  readonly kind: "assign";
  readonly target: CExpression;
  /** "=", "+=" */
  readonly operator: string;
  readonly value: CExpression;
}

export interface CField extends CSpan {
  readonly kind: "field";
  readonly object: CExpression;
  readonly field: string;
}

export interface CIndex extends CSpan {
  readonly kind: "index";
  readonly object: CExpression;
  readonly index: CExpression;
}

export interface CUnary extends CSpan {
  readonly kind: "unary";
  /** "!", "-", "~", "*", "&", "++", "--" */
  readonly operator: string;
  readonly operand: CExpression;
}

export interface CBinary extends CSpan {
  readonly kind: "binary";
  readonly operator: string;
  readonly left: CExpression;
  readonly right: CExpression;
}

export interface CConditional extends CSpan {
  readonly kind: "conditional";
  readonly test: CExpression;
  readonly yes: CExpression;
  readonly no: CExpression;
}

export interface CCast extends CSpan {
  readonly kind: "cast";
  /** Without its stars: FooObject. */
  readonly type: string;
  readonly operand: CExpression;
}

/** Anything else that has parts: initialiser lists, comma expressions, what the grammar added since. */
export interface CGroup extends CSpan {
  readonly kind: "group";
  /** In a list with names: { .tp_dealloc = f }. Null where there is none. */
  readonly labels: readonly (string | null)[];
  readonly isComma: boolean;
  readonly items: readonly CExpression[];
}

export type CStatement =
  | CBlock
  | CExpressionStatement
  | CDeclaration
  | CIf
  | CLoop
  | CSwitch
  | CCase
  | CLabel
  | CGoto
  | CReturn
  | CJump;

export interface CBlock extends CSpan {
  readonly kind: "block";
  readonly body: readonly CStatement[];
}

export interface CExpressionStatement extends CSpan {
  readonly kind: "expression";
  readonly expression: CExpression;
}

export interface CDeclaration extends CSpan {
  readonly kind: "declaration";
  readonly names: readonly CVariable[];
}

export interface CVariable extends CSpan {
  readonly name: string;
  /** Without its stars. */
  readonly type: string;
  readonly isPointer: boolean;
  readonly isArray: boolean;
  /** static or extern: outlives the call. */
  readonly outlives: boolean;
  readonly initial: CExpression | null;
}

export interface CIf extends CSpan {
  readonly kind: "if";
  /** Null for `#if`: both branches are real programs, and `condition` tells them apart. */
  readonly test: CExpression | null;
  readonly condition: string;
  readonly yes: CStatement;
  readonly no: CStatement | null;
}

export interface CLoop extends CSpan {
  readonly kind: "loop";
  readonly testsFirst: boolean;
  readonly initial: CStatement | null;
  /** Null: for ever. */
  readonly test: CExpression | null;
  readonly step: CExpression | null;
  readonly body: CStatement;
}

export interface CSwitch extends CSpan {
  readonly kind: "switch";
  readonly subject: CExpression;
  readonly body: CStatement;
}

export interface CCase extends CSpan {
  readonly kind: "case";
  /** Null: default. */
  readonly value: CExpression | null;
  readonly body: readonly CStatement[];
}

export interface CLabel extends CSpan {
  readonly kind: "label";
  readonly name: string;
  readonly body: readonly CStatement[];
}

export interface CGoto extends CSpan {
  readonly kind: "goto";
  readonly label: string;
}

export interface CReturn extends CSpan {
  readonly kind: "return";
  readonly value: CExpression | null;
}

export interface CJump extends CSpan {
  readonly kind: "jump";
  readonly to: "break" | "continue";
}

export interface CFunction extends CSpan {
  readonly name: string;
  readonly nameStart: number;
  /** Without its stars: PyObject. */
  readonly returns: string;
  readonly returnsPointer: boolean;
  readonly isStatic: boolean;
  readonly parameters: readonly CVariable[];
  readonly body: CBlock;
}

/** `#define NAME(args) body`; a macro can do anything with the names in its body. */
export interface CMacro {
  readonly name: string;
  readonly body: string;
}

export interface CStruct extends CSpan {
  /** Tag and typedef names: it goes by all of them. */
  readonly names: readonly string[];
  readonly fields: readonly CVariable[];
}

export interface CTree {
  readonly text: string;
  readonly functions: readonly CFunction[];
  /** Functions that the grammar does not understand, mostly for their macros. */
  readonly unread: readonly { readonly name: string; readonly start: number }[];
  readonly macros: readonly CMacro[];
  readonly structs: readonly CStruct[];
  /** At file level, with what they begin as. */
  readonly variables: readonly CVariable[];
}
