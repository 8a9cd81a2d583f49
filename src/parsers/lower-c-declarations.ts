// Declarations of C: names, the names of their types, and how many stars stand before them.

import type { CVariable } from "../csource/c-tree.ts";
import { child, textOf, type CLowering } from "./c-lowering.ts";
import { lowerCExpression } from "./lower-c-expressions.ts";
import type { RawNode } from "./tree-sitter-c.ts";

export interface Declarator {
  readonly name: RawNode | null;
  readonly stars: number;
  readonly isArray: boolean;
  /** Of a function; null for a variable. */
  readonly parameters: RawNode | null;
}

const NAMES: ReadonlySet<string> = new Set(["identifier", "field_identifier", "type_identifier"]);

/** `*(name[3])` from outside in. */
export function unwrapDeclarator(node: RawNode | null): Declarator {
  let at = node;
  let stars = 0;
  let isArray = false;
  let parameters: RawNode | null = null;
  while (at !== null && !NAMES.has(at.type)) {
    if (at.type === "pointer_declarator") stars++;
    if (at.type === "array_declarator") isArray = true;
    if (at.type === "function_declarator") parameters = child(at, "parameters");
    at = child(at, "declarator") ?? at.children.find((part) => NAMES.has(part.type) || isDeclarator(part)) ?? null;
  }
  return { name: at, stars, isArray, parameters };
}

const isDeclarator = (node: RawNode): boolean => node.type.endsWith("_declarator");

/** Name of the type of a declaration, without `struct`, qualifiers and stars. */
export function typeNameOf(lowering: CLowering, node: RawNode): string {
  const type = child(node, "type");
  if (type === null) return "";
  const tag = child(type, "name");
  return textOf(lowering, tag ?? type);
}

/** Every variable of `type a, *b = x, c[3];` */
export function lowerCVariables(lowering: CLowering, node: RawNode): CVariable[] {
  const type = typeNameOf(lowering, node);
  const outlives = node.children.some(
    (part) => part.type === "storage_class_specifier" && /^(?:static|extern)/.test(textOf(lowering, part)),
  );
  return node.children
    .filter((part) => part.field === "declarator")
    .flatMap((part) => {
      const hasValue = part.type === "init_declarator";
      const declarator = unwrapDeclarator(hasValue ? child(part, "declarator") : part);
      if (declarator.name === null) return [];
      const value = hasValue ? child(part, "value") : null;
      return [
        {
          start: declarator.name.start,
          end: part.end,
          name: textOf(lowering, declarator.name),
          type,
          isPointer: declarator.stars > 0,
          isArray: declarator.isArray,
          outlives,
          initial: value === null ? null : lowerCExpression(lowering, value),
        },
      ];
    });
}

export function parametersOf(lowering: CLowering, list: RawNode): CVariable[] {
  return list.children
    .filter((part) => part.type === "parameter_declaration")
    .flatMap((part) => lowerCVariables(lowering, part));
}
