// A container that is written to only while there is room: `if len(x) < MAX: x.append(y)`, `if len(x) >= MAX: return`,
// `while len(x) > MAX: x.popitem()`. Up to how many elements it grows.

import { blocksAround, isExit } from "./blocks.ts";
import { containerMethod } from "./container-methods.ts";
import type { FileView } from "./file-view.ts";
import { assignedValue, namedPlace } from "./names-in-file.ts";
import { lookUp } from "./scopes.ts";
import type { Compare, Expression, If, Name, Node, Statement, While } from "./tree.ts";
import { walkOwn } from "./walk.ts";

/** "some": a limit whose number does not stand in the file. */
export type LengthLimit = number | "some";

/**
 * The limit under which `write` puts one more element into the container `name`; null when no test of its length stands in the way.
 * The tightest of several. O(depth, and the statements of the blocks around).
 */
export function lengthLimitOf(file: FileView, write: Node, name: string): LengthLimit | null {
  const limits: LengthLimit[] = [];
  const add = (limit: LengthLimit | null): void => void (limit !== null && limits.push(limit));
  for (const { block, statement, owner } of blocksAround(file, write)) {
    if (owner.kind === "if" && statement !== owner.test)
      add(impliedBy({ file, name }, owner.test, block === owner.body));
    for (const other of block) {
      if (other === statement) continue;
      if (other.start < statement.start && isExit(other)) add(impliedBy({ file, name }, other.test, false));
      if ((other.kind === "if" || other.kind === "while") && takesOut(file, other, name))
        add(impliedBy({ file, name }, other.test, false));
    }
  }
  return tightest(limits);
}

interface Asked {
  readonly file: FileView;
  readonly name: string;
}

const DEEPEST = 6;

/** The most elements there are before the write when `test` is as `holds` says, with the one that is written. */
function impliedBy(asked: Asked, test: Expression, holds: boolean, depth = 0): LengthLimit | null {
  if (depth > DEEPEST) return null;
  switch (test.kind) {
    case "compare":
      return impliedByCompare(asked, test, holds);
    case "operation":
      return impliedByOperation(asked, test.op, test.operands, { holds, depth: depth + 1 });
    // `if not x:` and `if x: return`: it is empty.
    case "name":
    case "attribute": {
      if (!holds && namedPlace(asked.file, test)?.name === asked.name) return 1;
      const value = test.kind === "name" ? onlyValue(asked.file, test) : null;
      return value === null ? null : impliedBy(asked, value, holds, depth + 1);
    }
    default:
      return null;
  }
}

function impliedByOperation(
  asked: Asked,
  op: string,
  operands: readonly Expression[],
  { holds, depth }: { readonly holds: boolean; readonly depth: number },
): LengthLimit | null {
  if (op === "not" || operands.length < 2)
    return op === "not" && operands[0] !== undefined ? impliedBy(asked, operands[0], !holds, depth) : null;
  if (op !== "and" && op !== "or") return null;
  const limits = operands.map((operand) => impliedBy(asked, operand, holds, depth));
  // All operands hold, so the tightest counts; or any of them may, so each must say something.
  if (op === (holds ? "and" : "or")) return tightest(limits.filter((limit) => limit !== null));
  return limits.includes(null) ? null : loosest(limits.filter((limit) => limit !== null));
}

const MIRRORED = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" } as const;
const NEGATED = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==" } as const;

function impliedByCompare({ file, name }: Asked, { op, left, right }: Compare, holds: boolean): LengthLimit | null {
  if (op === "in" || op === "not in" || op === "is" || op === "is not") return null;
  const isLeft = isLengthOf(file, left, name);
  if (!isLeft && !isLengthOf(file, right, name)) return null;
  const as = isLeft ? op : MIRRORED[op];
  const said = holds ? as : NEGATED[as];
  const limit = numberOf(file, isLeft ? right : left);
  // `len(x) != MAX` is the way of those who add one at a time.
  if (said === "<" || said === "!=") return limit;
  return said === "<=" || said === "==" ? oneMore(limit) : null;
}

function oneMore(limit: LengthLimit): LengthLimit {
  return limit === "some" ? limit : limit + 1;
}

/** `len(x)`, `x.qsize()`. */
function isLengthOf(file: FileView, expression: Expression, name: string): boolean {
  if (expression.kind === "name") {
    const value = onlyValue(file, expression);
    return value !== null && value.kind === "call" && isLengthOf(file, value, name);
  }
  if (expression.kind !== "call") return false;
  const { callee, arguments: given } = expression;
  const asked =
    callee.kind === "name" && callee.id === "len" && given.length === 1
      ? given[0]?.value
      : callee.kind === "attribute" && callee.name === "qsize"
        ? callee.object
        : undefined;
  return asked !== undefined && namedPlace(file, asked)?.name === name;
}

/** `25`, or a name that the file binds once to a number. */
function numberOf(file: FileView, expression: Expression): LengthLimit {
  if (expression.kind === "constant" && expression.type === "int")
    return Number(expression.text.replaceAll("_", "")) || "some";
  const value = expression.kind === "name" ? onlyValue(file, expression) : null;
  return value?.kind === "constant" && value.type === "int" ? numberOf(file, value) : "some";
}

/** The value of a name that is bound once. */
function onlyValue(file: FileView, name: Name): Expression | null {
  const variable = lookUp(file.scopes.scopeOf(name), name.id);
  const [binding] = variable?.bindings ?? [];
  if (binding === undefined || variable?.bindings.length !== 1) return null;
  return assignedValue(binding);
}

/** Its body takes something out of the container. */
function takesOut(file: FileView, { body }: If | While, name: string): boolean {
  let isFound = false;
  walkOwn(body satisfies readonly Statement[], (node) => {
    if (isFound) return;
    if (node.kind === "call" && node.callee.kind === "attribute") {
      const isRemoval = containerMethod(node.callee.name, false)?.action === "remove";
      isFound = isRemoval && namedPlace(file, node.callee.object)?.name === name;
    } else if (node.kind === "delete")
      isFound = node.targets.some(
        (target) => target.kind === "subscript" && namedPlace(file, target.object)?.name === name,
      );
  });
  return isFound;
}

function tightest(limits: readonly LengthLimit[]): LengthLimit | null {
  const numbers = limits.filter((limit) => limit !== "some");
  return numbers.length > 0 ? Math.min(...numbers) : (limits[0] ?? null);
}

function loosest(limits: readonly LengthLimit[]): LengthLimit | null {
  return limits.includes("some") ? "some" : limits.length === 0 ? null : Math.max(...limits.map(Number));
}
