// Conditions as one function of a node. What depends on the type or the module alone is looked up once for each of them.

import type { NodeIx } from "../../base/brand.ts";
import type { Snapshot } from "../snapshot.ts";
import type { QueryColumns } from "./query-columns.ts";
import type { Condition, QueryTree } from "./query-tree.ts";

export type Predicate = (node: NodeIx) => boolean;

export function predicateOf(snapshot: Snapshot, columns: QueryColumns, { types, where }: QueryTree): Predicate {
  const isType = types.length === 0 ? null : typePredicate(snapshot, columns, types.map(patternOf));
  const holds = where === null ? null : conditionPredicate(snapshot, columns, where);
  if (isType === null) return holds ?? (() => true);
  return holds === null ? isType : (node) => isType(node) && holds(node);
}

function conditionPredicate(snapshot: Snapshot, columns: QueryColumns, condition: Condition): Predicate {
  const part = (each: Condition): Predicate => conditionPredicate(snapshot, columns, each);
  switch (condition.kind) {
    case "and": {
      const [left, right] = [part(condition.left), part(condition.right)];
      return (node) => left(node) && right(node);
    }
    case "or": {
      const [left, right] = [part(condition.left), part(condition.right)];
      return (node) => left(node) || right(node);
    }
    case "not": {
      const inner = part(condition.of);
      return (node) => !inner(node);
    }
    case "garbage":
      return columns.isGarbage;
    case "number":
      return numberPredicate(columns, condition);
    case "text":
      return textPredicate(snapshot, columns, condition);
  }
}

function numberPredicate(columns: QueryColumns, { field, op, value }: Condition & { kind: "number" }): Predicate {
  const column = columns.number(field);
  switch (op) {
    case "=":
      return (node) => column(node) === value;
    case "!=":
      return (node) => column(node) < value || column(node) > value;
    case "<":
      return (node) => column(node) < value;
    case "<=":
      return (node) => column(node) <= value;
    case ">":
      return (node) => column(node) > value;
    case ">=":
      return (node) => column(node) >= value;
  }
}

function textPredicate(snapshot: Snapshot, columns: QueryColumns, condition: Condition & { kind: "text" }): Predicate {
  const { field, op, text } = condition;
  const pattern = op === "~" ? patternOf(text) : exactly(text);
  const found = fieldPredicate(snapshot, columns, field, pattern);
  return op === "!=" ? (node) => !found(node) : found;
}

function fieldPredicate(
  snapshot: Snapshot,
  columns: QueryColumns,
  field: "type" | "module" | "text",
  pattern: RegExp,
): Predicate {
  switch (field) {
    case "type":
      return typePredicate(snapshot, columns, [pattern]);
    case "module": {
      const { names, groupOf } = columns.modules();
      const fits = Uint8Array.from(names, (name) => (pattern.test(name) ? 1 : 0));
      return (node) => fits[groupOf[node]!] === 1;
    }
    case "text":
      return (node) => {
        const text = columns.text(node);
        return text !== null && pattern.test(text);
      };
  }
}

function typePredicate(snapshot: Snapshot, { typeNames }: QueryColumns, patterns: readonly RegExp[]): Predicate {
  const { type } = snapshot.nodes;
  const fits = Uint8Array.from(typeNames, (names) =>
    names.some((name) => patterns.some((pattern) => pattern.test(name))) ? 1 : 0,
  );
  return (node) => fits[type[node]!] === 1;
}

/** `app.*`, `*Session?`: the whole text must fit. */
function patternOf(text: string): RegExp {
  const source = text
    .replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${source}$`, "u");
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[\\^$.*+?|()[\]{}]/g, "\\$&")}$`, "u");
}
