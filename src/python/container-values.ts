// Which expressions make a container.

import { containerTypeOf } from "./container-types.ts";
import type { ContainerFact } from "./facts.ts";
import type { FileView } from "./file-view.ts";
import { absoluteName } from "./names-in-file.ts";
import type { Call, Expression } from "./tree.ts";

export type ContainerValue = Pick<ContainerFact, "type" | "family" | "bound" | "isFilled">;

const display = (type: "list" | "dict" | "set", elements: number): ContainerValue => ({
  type,
  family: type === "list" ? "sequence" : type === "dict" ? "mapping" : "set",
  bound: null,
  ...(elements > 0 ? { isFilled: true } : {}),
});

const MAX_DEPTH = 4;

/** What container an expression makes; null if none is known. O(1). */
export function containerValue(file: FileView, value: Expression, depth = 0): ContainerValue | null {
  if (depth > MAX_DEPTH) return null;
  switch (value.kind) {
    case "dict":
      return display("dict", value.entries.length);
    case "display":
      return value.type === "tuple" ? null : display(value.type, value.elements.length);
    case "comprehension":
      return value.type === "generator" ? null : display(value.type, 1);
    case "call":
      return calledContainer(file, value);
    case "operation":
      return operationContainer(file, value.op, value.operands, depth + 1);
    case "conditional":
      return containerValue(file, value.body, depth + 1) ?? containerValue(file, value.otherwise, depth + 1);
    default:
      return null;
  }
}

/** `[None] * 8`, `given or {}`. */
function operationContainer(
  file: FileView,
  op: string,
  operands: readonly Expression[],
  depth: number,
): ContainerValue | null {
  const [first] = operands;
  const last = operands.at(-1);
  if (first === undefined || last === undefined) return null;
  if (op === "*") return first.kind === "display" ? containerValue(file, first, depth) : null;
  return op === "or" ? containerValue(file, last, depth) : null;
}

function calledContainer(file: FileView, call: Call): ContainerValue | null {
  const callee = absoluteName(file, call.callee);
  if (callee === null) return null;
  const type = containerTypeOf(callee);
  if (type !== null) {
    const bound = type.bound === null ? null : boundOf(call, type.bound.position, type.bound.name);
    return { type: callee, family: type.family, bound: bound ?? type.boundByDefault };
  }
  return callee === "dataclasses.field" || callee === "attr.ib" || callee === "attrs.field"
    ? factoryContainer(file, call)
    : null;
}

/** Numbers below 1 do not bound queues; None does not bound deques. */
function boundOf(call: Call, position: number, name: string): number | "some" | null {
  const named = call.arguments.find((argument) => argument.name === name);
  const placed = call.arguments[position];
  const value = named?.value ?? (placed?.name === null && placed.star === "" ? placed.value : undefined);
  if (value === undefined) return null;
  if (value.kind !== "constant")
    return value.kind === "operation" && value.op === "-" && value.operands.length === 1 ? null : "some";
  if (value.type === "none") return null;
  const bound = Number(value.text.replaceAll("_", ""));
  if (Number.isNaN(bound)) return "some";
  return bound > 0 || name === "maxlen" ? bound : null;
}

function factoryContainer(file: FileView, call: Call): ContainerValue | null {
  const factory = call.arguments.find(({ name }) => name === "default_factory" || name === "factory")?.value;
  if (factory === undefined) return null;
  const name = factory.kind === "lambda" ? null : absoluteName(file, factory);
  if (factory.kind === "lambda") return containerValue(file, factory.body);
  const type = name === null ? null : containerTypeOf(name);
  return name === null || type === null ? null : { type: name, family: type.family, bound: type.boundByDefault };
}
