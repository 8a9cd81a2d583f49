// What functions do to the fields of the objects they are given: stores, releases, visits. By text, not by path.

import type { CFieldRelease, CFieldStore, CFunctionFact } from "./c-file-facts.ts";
import type { CExpression, CFunction, CStatement, CVariable } from "./c-tree.ts";
import type { FactsContext } from "./leak-facts.ts";
import { FREES, LOOKS } from "./memory-table.ts";
import { partsOf, placeOf, withoutCasts } from "./place.ts";
import { referenceNote } from "./reference-table.ts";

export interface FieldFacts {
  readonly stores: CFieldStore[];
  readonly releases: CFieldRelease[];
  readonly calls: CFunctionFact;
}

interface FieldScan {
  readonly fn: CFunction;
  readonly context: FactsContext;
  readonly types: Map<string, string>;
  readonly parameters: ReadonlySet<string>;
  /** Local variables that hold a reference of their own. */
  readonly owners: Set<string>;
  /** `old = self->x`: old -> x of its struct. */
  readonly aliases: Map<string, FieldOf>;
  /** Fields that were mentioned, by place. */
  readonly mentioned: Set<string>;
  /** Parameters that somebody we do not know had in hand. */
  readonly lent: Set<string>;
  readonly facts: FieldFacts;
}

interface FieldOf {
  readonly struct: string;
  readonly field: string;
}

const RELEASES = /^(?:Py_X?DECREF|Py_DecRef|Py_CLEAR|_?Py_X?SETREF)$/;
const SOUNDS_LIKE_RELEASE = /clear|decref|free|release|destroy|delete|_del$|close|fini|drop|unref|dealloc/i;
const TAKES = /^Py_X?INCREF$|^Py_X?NewRef$|^_?Py_X?NewRef$/;

/** O(size of the function). */
export function fieldFactsOf(fn: CFunction, context: FactsContext): FieldFacts {
  const scan: FieldScan = {
    fn,
    context,
    types: new Map(fn.parameters.map(({ name, type }) => [name, type])),
    parameters: new Set(fn.parameters.map(({ name }) => name)),
    owners: new Set(),
    aliases: new Map(),
    mentioned: new Set(),
    lent: new Set(),
    facts: { stores: [], releases: [], calls: { name: fn.name, passesParametersTo: [] } },
  };
  const expressions: CExpression[] = [];
  gather(scan, fn.body, expressions);
  for (const expression of expressions) noteOwners(scan, expression);
  const passes = new Set<string>();
  for (const expression of expressions) scanExpression(scan, expression, passes);
  return { ...scan.facts, calls: { name: fn.name, passesParametersTo: [...passes] } };
}

/** Expressions in order of text; declared types on the way. */
function gather(scan: FieldScan, statement: CStatement, into: CExpression[]): void {
  if (statement.kind === "declaration") {
    for (const variable of statement.names) gatherVariable(scan, variable, into);
    return;
  }
  const { expressions, statements } = contentsOf(statement);
  for (const expression of expressions) if (expression !== null) into.push(expression);
  for (const inner of statements) if (inner !== null) gather(scan, inner, into);
}

interface Contents {
  readonly expressions: readonly (CExpression | null)[];
  readonly statements: readonly (CStatement | null)[];
}

function contentsOf(statement: Exclude<CStatement, { kind: "declaration" }>): Contents {
  switch (statement.kind) {
    case "block":
    case "label":
    case "case":
      return { expressions: [], statements: statement.body };
    case "expression":
      return { expressions: [statement.expression], statements: [] };
    case "if":
      return { expressions: [statement.test], statements: [statement.yes, statement.no] };
    case "loop":
      return { expressions: [statement.test, statement.step], statements: [statement.initial, statement.body] };
    case "switch":
      return { expressions: [statement.subject], statements: [statement.body] };
    case "return":
      return { expressions: [statement.value], statements: [] };
    case "goto":
    case "jump":
      return { expressions: [], statements: [] };
    default:
      return statement satisfies never;
  }
}

function gatherVariable(scan: FieldScan, variable: CVariable, into: CExpression[]): void {
  scan.types.set(variable.name, variable.type);
  if (variable.initial === null) return;
  const target: CExpression = { kind: "name", name: variable.name, start: variable.start, end: variable.start };
  into.push({
    kind: "assign",
    operator: "=",
    target,
    value: variable.initial,
    start: variable.start,
    end: variable.end,
  });
}

/** Which variables own what they hold, anywhere in the function. */
function noteOwners(scan: FieldScan, expression: CExpression): void {
  if (expression.kind === "call" && TAKES.test(expression.name)) {
    const place = expression.args[0] === undefined ? null : placeOf(expression.args[0]);
    if (place !== null) scan.owners.add(place);
  }
  if (expression.kind === "assign" && isNew(expression.value)) {
    const place = placeOf(expression.target);
    if (place !== null) scan.owners.add(place);
  }
  for (const part of partsOf(expression)) noteOwners(scan, part);
}

function isNew(expression: CExpression): boolean {
  const value = withoutCasts(expression);
  return value.kind === "call" && (referenceNote(value.name)?.result === "new" || TAKES.test(value.name));
}

function scanExpression(scan: FieldScan, expression: CExpression, passes: Set<string>): void {
  if (expression.kind === "assign") {
    scanExpression(scan, expression.value, passes);
    noteAlias(scan, expression.target, expression.value);
    const field = fieldOf(scan, expression.target);
    if (field !== null && expression.operator === "=") noteStore(scan, field, expression);
    else scanExpression(scan, expression.target, passes);
    const place = placeOf(expression.target);
    if (place !== null) scan.mentioned.add(place);
    return;
  }
  for (const part of partsOf(expression)) scanExpression(scan, part, passes);
  if (expression.kind === "field") {
    const place = placeOf(expression);
    if (place !== null) scan.mentioned.add(place);
  }
  if (expression.kind === "call") noteCall(scan, expression, passes);
}

/** `((Foo *)self)->x`, `self->x`, `self->x[i]`, `&self->x` */
function fieldOf(scan: FieldScan, expression: CExpression): FieldOf | null {
  const inner = withoutCasts(expression);
  if (inner.kind === "index") return fieldOf(scan, inner.object);
  if (inner.kind === "unary" && inner.operator === "&") return fieldOf(scan, inner.operand);
  if (inner.kind !== "field") return null;
  const struct = structOf(scan, inner.object);
  return struct === "" ? null : { struct, field: inner.field };
}

function structOf(scan: FieldScan, object: CExpression): string {
  if (object.kind === "cast") return object.type;
  return object.kind === "name" ? (scan.types.get(object.name) ?? "") : "";
}

function noteAlias(scan: FieldScan, target: CExpression, value: CExpression): void {
  const field = fieldOf(scan, value);
  if (field !== null && target.kind === "name") scan.aliases.set(target.name, field);
  const [from, to] = [withoutCasts(value), target];
  if (from.kind === "name" && to.kind === "name" && scan.parameters.has(from.name)) scan.lent.delete(to.name);
}

function noteStore(scan: FieldScan, field: FieldOf, store: Extract<CExpression, { kind: "assign" }>): void {
  const place = placeOf(store.target) ?? "";
  const root = place.split("->")[0] ?? "";
  const value = placeOf(store.value);
  scan.facts.stores.push({
    ...field,
    at: scan.context.rangeOf(store),
    inFunction: scan.fn.name,
    isCalledByPython: scan.context.calledByPython.has(scan.fn.name),
    isBlind: scan.parameters.has(root) && !scan.mentioned.has(place) && !scan.lent.has(root),
    storesOwned: isNew(store.value) || (value !== null && scan.owners.has(value)) || scan.owners.has(place),
  });
}

function noteCall(scan: FieldScan, call: Extract<CExpression, { kind: "call" }>, passes: Set<string>): void {
  const isRelease = RELEASES.test(call.name) || FREES.has(call.name);
  const isKnown = isRelease || LOOKS.has(call.name) || referenceNote(call.name) !== null || TAKES.test(call.name);
  for (const arg of call.args) {
    const inner = withoutCasts(arg);
    const field = fieldOf(scan, arg) ?? (inner.kind === "name" ? scan.aliases.get(inner.name) : null) ?? null;
    const how = howOf(call.name, isRelease, isKnown);
    if (field !== null && how !== null) scan.facts.releases.push({ ...field, how, inFunction: scan.fn.name });
    if (inner.kind !== "name" || isKnown) continue;
    passes.add(call.name);
    scan.lent.add(inner.name);
  }
}

function howOf(name: string, isRelease: boolean, isKnown: boolean): CFieldRelease["how"] | null {
  if (name === "Py_VISIT") return "visit";
  if (isRelease || SOUNDS_LIKE_RELEASE.test(name)) return "release";
  return isKnown ? null : "passed";
}
