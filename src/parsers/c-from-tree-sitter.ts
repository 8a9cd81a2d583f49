// Our C tree out of tree-sitter's: whole files. Statements and expressions are in lower-c-statements.ts and
// lower-c-expressions.ts.

import type { CFunction, CMacro, CStruct, CTree, CVariable } from "../csource/c-tree.ts";
import { prepareText } from "../csource/prepare-text.ts";
import { lowerCVariables, parametersOf, typeNameOf, unwrapDeclarator } from "./lower-c-declarations.ts";
import { lowerCBlock } from "./lower-c-statements.ts";
import { child, textOf, type CLowering } from "./c-lowering.ts";
import { loadCGrammar, type RawNode } from "./tree-sitter-c.ts";

/** A file as a tree; null when it nests too deep to be read. Functions that do not fit the grammar are in `unread`. */
export type ParseC = (text: string) => CTree | null;

/** Loads the grammar; call it only when there is a C file to read. Rejects when the grammar is missing. */
export async function loadCParser(): Promise<ParseC> {
  const read = await loadCGrammar();
  return (text) => {
    const prepared = prepareText(text);
    try {
      const root = read(prepared);
      return root === null ? null : treeOf(prepared, root);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  };
}

interface Collected {
  readonly functions: CFunction[];
  readonly unread: { readonly name: string; readonly start: number }[];
  readonly macros: CMacro[];
  readonly structs: CStruct[];
  readonly variables: CVariable[];
}

function treeOf(text: string, root: RawNode): CTree {
  const collected: Collected = { functions: [], unread: [], macros: [], structs: [], variables: [] };
  collect({ text }, root, collected);
  return { text, ...collected };
}

/** Files, `#if` sections, `extern "C" { }` and what the grammar could not read hold declarations; so does a torn function. */
function collect(lowering: CLowering, node: RawNode, into: Collected): void {
  switch (node.type) {
    case "function_definition":
      addFunction(lowering, node, into);
      return;
    case "preproc_def":
    case "preproc_function_def":
      into.macros.push({
        name: textOf(lowering, child(node, "name")),
        body: textOf(lowering, child(node, "value")),
      });
      return;
    case "declaration":
      into.variables.push(...lowerCVariables(lowering, node));
      addStructs(lowering, node, into);
      return;
    case "type_definition":
    case "struct_specifier":
      addStructs(lowering, node, into);
      return;
    case "expression_statement":
      return;
    default:
      for (const part of node.children) collect(lowering, part, into);
  }
}

/** Types that hold no pointer. Any other name may hide one: `typedef struct image *Imaging`. */
const NUMBERS =
  /^(?:void|bool|_Bool|float|double|.*\b(?:int|long|short|char|unsigned|signed)\b.*|u?int\w*_t|s?size_t|Py_s?size_t|Py_hash_t|Py_uhash_t|npy_\w+)$/;

function addFunction(lowering: CLowering, node: RawNode, into: Collected): void {
  const declarator = unwrapDeclarator(child(node, "declarator"));
  const body = child(node, "body");
  const name = declarator.name;
  if (name === null || declarator.parameters === null || body === null) return;
  if (node.isBroken) {
    into.unread.push({ name: textOf(lowering, name), start: node.start });
    return;
  }
  into.functions.push({
    start: node.start,
    end: node.end,
    name: textOf(lowering, name),
    nameStart: name.start,
    returns: typeNameOf(lowering, node),
    returnsPointer: declarator.stars > 0 || !NUMBERS.test(typeNameOf(lowering, node)),
    isStatic: node.children.some(
      (part) => part.type === "storage_class_specifier" && textOf(lowering, part) === "static",
    ),
    parameters: parametersOf(lowering, declarator.parameters),
    body: lowerCBlock(lowering, body),
  });
}

/** `typedef struct tag { } Name, *Pointer;` and `struct tag { };` */
function addStructs(lowering: CLowering, node: RawNode, into: Collected): void {
  const struct = node.type === "struct_specifier" ? node : child(node, "type");
  const body = struct?.type === "struct_specifier" ? child(struct, "body") : null;
  if (struct === null || body === null) return;
  const names = struct === node ? [] : node.children.filter((part) => part.field === "declarator");
  const tag = child(struct, "name");
  into.structs.push({
    start: struct.start,
    end: struct.end,
    names: [
      ...(tag === null ? [] : [textOf(lowering, tag)]),
      ...(node.type === "type_definition" ? names.map((part) => textOf(lowering, part).replace(/[\s*]/g, "")) : []),
    ],
    fields: fieldsOf(lowering, body),
  });
}

function fieldsOf(lowering: CLowering, body: RawNode): CVariable[] {
  return body.children.flatMap((part) => {
    if (part.type === "field_declaration") return lowerCVariables(lowering, part);
    return part.type.startsWith("preproc_") ? fieldsOf(lowering, part) : [];
  });
}
