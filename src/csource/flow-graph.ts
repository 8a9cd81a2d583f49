// The control flow of one C function as numbered blocks. `&&`, `||` and `!` in tests are taken apart, so a branch asks one
// question; `x = c ? a : b` becomes a branch too.

import type { CExpression, CFunction, CLoop, CSpan, CStatement, CSwitch, CVariable } from "./c-tree.ts";
import { NEVER_RETURNS, RETURN_MACROS } from "./memory-table.ts";

export type FlowStep =
  | { readonly kind: "evaluate"; readonly expression: CExpression }
  | { readonly kind: "declare"; readonly variable: CVariable };

export type FlowExit =
  /** `loop`: back to the head of this one. */
  | { readonly kind: "jump"; readonly to: number; readonly loop?: CSpan }
  | { readonly kind: "branch"; readonly test: CExpression; readonly yes: number; readonly no: number }
  /** `#if`: the same text has the same answer everywhere in the function. */
  | { readonly kind: "condition"; readonly text: string; readonly yes: number; readonly no: number }
  | { readonly kind: "choose"; readonly to: readonly number[] }
  | { readonly kind: "return"; readonly value: CExpression | null; readonly at: CSpan; readonly ofMacro: boolean }
  | { readonly kind: "dead" };

export interface FlowBlock {
  readonly steps: FlowStep[];
  exit: FlowExit;
}

/** Block 0 is where it begins. */
export type FlowGraph = readonly FlowBlock[];

interface Builder {
  readonly blocks: FlowBlock[];
  readonly labels: Map<string, number>;
  /** Where the next step goes. */
  at: number;
  breakTo: number;
  continueTo: number;
  /** Blocks of the cases of the innermost switch. */
  cases: number[];
  hasDefault: boolean;
}

/** O(size of the function). */
export function flowGraphOf({ body, end }: CFunction): FlowGraph {
  const builder: Builder = {
    blocks: [],
    labels: new Map(),
    at: 0,
    breakTo: 0,
    continueTo: 0,
    cases: [],
    hasDefault: false,
  };
  builder.at = newBlock(builder);
  addStatement(builder, body);
  const at = { start: end - 1, end };
  leave(builder, { kind: "return", value: null, at, ofMacro: false });
  return builder.blocks;
}

function newBlock(builder: Builder): number {
  builder.blocks.push({ steps: [], exit: { kind: "dead" } });
  return builder.blocks.length - 1;
}

/** Ends the current block; what follows, until a label, is not reached. */
function leave(builder: Builder, exit: FlowExit): void {
  const block = builder.blocks[builder.at];
  if (block !== undefined) block.exit = exit;
  builder.at = newBlock(builder);
}

function continueAt(builder: Builder, to: number): void {
  const block = builder.blocks[builder.at];
  if (block !== undefined) block.exit = { kind: "jump", to };
  builder.at = to;
}

const addStep = (builder: Builder, step: FlowStep): void => void builder.blocks[builder.at]?.steps.push(step);

function labelled(builder: Builder, name: string): number {
  const known = builder.labels.get(name) ?? newBlock(builder);
  builder.labels.set(name, known);
  return known;
}

function addStatement(builder: Builder, statement: CStatement): void {
  switch (statement.kind) {
    case "block":
      addAll(builder, statement.body);
      return;
    case "expression":
      addExpression(builder, statement.expression);
      return;
    case "declaration":
      addDeclarations(builder, statement.names);
      return;
    case "if":
      addIf(builder, statement);
      return;
    case "loop":
      addLoop(builder, statement);
      return;
    case "switch":
      addSwitch(builder, statement);
      return;
    case "case":
      addCase(builder, statement);
      return;
    case "label":
      continueAt(builder, labelled(builder, statement.name));
      addAll(builder, statement.body);
      return;
    case "goto":
      leave(builder, { kind: "jump", to: labelled(builder, statement.label) });
      return;
    case "return":
      addReturn(builder, statement.value, statement);
      return;
    case "jump":
      leave(builder, { kind: "jump", to: statement.to === "break" ? builder.breakTo : builder.continueTo });
      return;
    default:
      statement satisfies never;
  }
}

function addAll(builder: Builder, statements: readonly CStatement[]): void {
  for (const statement of statements) addStatement(builder, statement);
}

function addDeclarations(builder: Builder, names: readonly CVariable[]): void {
  for (const variable of names) addDeclaration(builder, variable);
}

function addExpression(builder: Builder, expression: CExpression): void {
  const name = expression.kind === "call" ? expression.name : expression.kind === "name" ? expression.name : "";
  if (RETURN_MACROS.has(name)) return leave(builder, { kind: "return", value: null, at: expression, ofMacro: true });
  if (NEVER_RETURNS.has(name)) return leave(builder, { kind: "dead" });
  if (expression.kind === "call" && name === "assert" && expression.args[0] !== undefined) {
    const next = newBlock(builder);
    addTest(builder, expression.args[0], next, newBlock(builder));
    builder.at = next;
    return;
  }
  if (expression.kind === "group" && expression.isComma) {
    for (const item of expression.items) addExpression(builder, item);
    return;
  }
  if (expression.kind === "assign" && expression.operator === "=") {
    const choice = choiceIn(expression.value);
    if (choice !== null) {
      return addChoice(builder, choice, (value) =>
        addStep(builder, { kind: "evaluate", expression: { ...expression, value } }),
      );
    }
  }
  addStep(builder, { kind: "evaluate", expression });
}

type Choice = Extract<CExpression, { kind: "conditional" }>;

function choiceIn(value: CExpression): Choice | null {
  if (value.kind === "cast") return choiceIn(value.operand);
  return value.kind === "conditional" ? value : null;
}

function addChoice(builder: Builder, choice: Choice, use: (value: CExpression) => void): void {
  const [yes, no, after] = [newBlock(builder), newBlock(builder), newBlock(builder)];
  addTest(builder, choice.test, yes, no);
  builder.at = yes;
  use(choice.yes);
  continueAt(builder, after);
  builder.at = no;
  use(choice.no);
  continueAt(builder, after);
}

function addDeclaration(builder: Builder, variable: CVariable): void {
  const choice = variable.initial === null ? null : choiceIn(variable.initial);
  if (choice === null) return addStep(builder, { kind: "declare", variable });
  addChoice(builder, choice, (initial) => addStep(builder, { kind: "declare", variable: { ...variable, initial } }));
}

function addReturn(builder: Builder, value: CExpression | null, at: CSpan): void {
  const choice = value === null ? null : choiceIn(value);
  if (choice === null) return leave(builder, { kind: "return", value, at, ofMacro: false });
  const [yes, no] = [newBlock(builder), newBlock(builder)];
  addTest(builder, choice.test, yes, no);
  builder.at = yes;
  addReturn(builder, choice.yes, at);
  builder.at = no;
  addReturn(builder, choice.no, at);
}

/** Ends the current block in one or more branches; the caller goes on at `yes` or `no`. */
function addTest(builder: Builder, test: CExpression, yes: number, no: number): void {
  if (test.kind === "unary" && test.operator === "!") return addTest(builder, test.operand, no, yes);
  if (test.kind === "binary" && (test.operator === "&&" || test.operator === "||")) {
    const second = newBlock(builder);
    if (test.operator === "&&") addTest(builder, test.left, second, no);
    else addTest(builder, test.left, yes, second);
    builder.at = second;
    return addTest(builder, test.right, yes, no);
  }
  const hint =
    test.kind === "call" && /^(?:Py_)?(?:un)?likely$|^__builtin_expect$/i.test(test.name) ? test.args[0] : null;
  if (hint !== null && hint !== undefined) return addTest(builder, hint, yes, no);
  if (test.kind === "group" && test.isComma) {
    for (const item of test.items.slice(0, -1)) addExpression(builder, item);
    const last = test.items.at(-1);
    if (last !== undefined) return addTest(builder, last, yes, no);
  }
  leave(builder, { kind: "branch", test, yes, no });
}

function addIf(builder: Builder, statement: Extract<CStatement, { kind: "if" }>): void {
  const [yes, after] = [newBlock(builder), newBlock(builder)];
  const no = statement.no === null ? after : newBlock(builder);
  if (statement.test === null) leave(builder, { kind: "condition", text: statement.condition, yes, no });
  else addTest(builder, statement.test, yes, no);
  builder.at = yes;
  addStatement(builder, statement.yes);
  continueAt(builder, after);
  if (statement.no === null) return;
  builder.at = no;
  addStatement(builder, statement.no);
  continueAt(builder, after);
}

function addLoop(builder: Builder, loop: CLoop): void {
  if (loop.initial !== null) addStatement(builder, loop.initial);
  const [head, body, step, after] = [newBlock(builder), newBlock(builder), newBlock(builder), newBlock(builder)];
  const { breakTo, continueTo } = builder;
  continueAt(builder, loop.testsFirst ? head : body);
  if (!loop.testsFirst) builder.at = head;
  if (loop.test === null) leave(builder, { kind: "jump", to: body });
  else addTest(builder, loop.test, body, after);
  builder.breakTo = after;
  builder.continueTo = step;
  builder.at = body;
  addStatement(builder, loop.body);
  continueAt(builder, step);
  if (loop.step !== null) addStep(builder, { kind: "evaluate", expression: loop.step });
  leave(builder, { kind: "jump", to: head, loop });
  builder.breakTo = breakTo;
  builder.continueTo = continueTo;
  builder.at = after;
}

function addSwitch(builder: Builder, statement: CSwitch): void {
  addStep(builder, { kind: "evaluate", expression: statement.subject });
  const { breakTo, cases, hasDefault, at: head } = builder;
  const after = newBlock(builder);
  builder.breakTo = after;
  builder.cases = [];
  builder.hasDefault = false;
  builder.at = newBlock(builder);
  addStatement(builder, statement.body);
  continueAt(builder, after);
  const block = builder.blocks[head];
  const to = builder.hasDefault ? builder.cases : [...builder.cases, after];
  if (block !== undefined) block.exit = { kind: "choose", to };
  Object.assign(builder, { breakTo, cases, hasDefault });
}

function addCase(builder: Builder, statement: Extract<CStatement, { kind: "case" }>): void {
  const block = newBlock(builder);
  builder.cases.push(block);
  if (statement.value === null) builder.hasDefault = true;
  continueAt(builder, block);
  for (const inner of statement.body) addStatement(builder, inner);
}
