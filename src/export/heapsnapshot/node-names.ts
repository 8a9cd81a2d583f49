// What the rows of DevTools are called. It groups objects by name, so an instance is called by its type; modules, classes,
// functions and code have names of their own, and strings their text where the snapshot has it.

import { printable } from "../../base/format-printable.ts";
import type { NodeIx } from "../../base/brand.ts";
import { fieldName, qualifiedName } from "../../heap/analysis/edges.ts";
import type { HeapAnalysis } from "../../heap/analyse.ts";
import { codeOfFunction } from "../../heap/paths/words.ts";
import { CLASS_LABEL, DICT_LABEL, type Snapshot, type TypeRole, type TypeRow } from "../../heap/snapshot.ts";
import { nodeKindNumber, type NodeKind } from "./v8-fields.ts";

/** All strings of the file; a name is its position here. */
export interface NameTable {
  /** Fixed names, names of types, fields and functions. The texts of the snapshot follow, one per row of its table. */
  readonly names: readonly string[];
  /** By type row. */
  readonly typeName: Uint32Array;
  /** By type row: the kind of its nodes. */
  readonly typeKind: Uint8Array;
  /** By type row: what its labels are called. */
  readonly labels: readonly LabelNames[];
  /** By node, 0 where it is called by its type. */
  readonly ownName: Uint32Array;
  /** The number of a fixed name. */
  readonly numberOf: (name: string) => number;
}

/** Names of the places of one type: 0 where a label has none. */
export interface LabelNames {
  /** Of label `ATTRIBUTE_LABEL + i`. */
  readonly attributes: Uint32Array;
  readonly fields: ReadonlyMap<number, number>;
}

const KIND_BY_ROLE: Readonly<Partial<Record<TypeRole, NodeKind>>> = {
  str: "string",
  int: "number",
  float: "number",
  function: "closure",
  code: "code",
};

/** `fixed`: names that the writer needs by itself. O(nodes) time and 4 bytes per node. */
export function nameNodes(analysis: HeapAnalysis, fixed: readonly string[]): NameTable {
  const { snapshot } = analysis;
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  };
  for (const name of ["", ...fixed]) numberOf(name);
  const typeName = Uint32Array.from(snapshot.types, (type) => numberOf(printable(qualifiedName(type))));
  const labels = snapshot.types.map((type) => labelNames(type, (name) => numberOf(printable(name))));
  const ownName = namesOfProgram(analysis, numberOf);
  nameTexts(snapshot, ownName, numbers.size);
  return {
    names: [...numbers.keys()],
    typeName,
    typeKind: Uint8Array.from(snapshot.types, ({ role }) => nodeKindNumber(KIND_BY_ROLE[role] ?? "object")),
    labels,
    ownName,
    numberOf: (name) => numbers.get(name) ?? 0,
  };
}

function labelNames(type: TypeRow, numberOf: (name: string) => number): LabelNames {
  const labels = [DICT_LABEL, CLASS_LABEL, ...type.fields.keys()];
  const fields = labels.map((label) => [label, numberOf(fieldName(type, label) ?? "")] as const);
  return { attributes: Uint32Array.from(type.attributes, numberOf), fields: new Map(fields) };
}

/** Modules, classes, functions and code objects: `module app`, `class app.Session`, `handle`, `handle app.py:31`. */
function namesOfProgram(analysis: HeapAnalysis, numberOf: (name: string) => number): Uint32Array {
  const { snapshot, codeOf } = analysis;
  const own = new Uint32Array(snapshot.nodes.count);
  for (const { node, qualname, file, firstLine } of codeOf.values()) {
    own[node] = numberOf(printable(`${qualname} ${file.split("/").at(-1) ?? file}:${firstLine}`));
  }
  for (const { name, node } of analysis.modules.rows) own[node] = numberOf(printable(`module ${name}`));
  for (const type of snapshot.types)
    if (type.node !== 0) own[type.node] = numberOf(printable(`class ${qualifiedName(type)}`));
  const isFunction = Uint8Array.from(snapshot.types, (type) => (type.role === "function" ? 1 : 0));
  for (let node = 1; node < own.length; node++) {
    if (isFunction[snapshot.nodes.type[node]!] === 0) continue;
    const code = codeOfFunction(analysis, node as NodeIx);
    if (code !== null) own[node] = numberOf(printable(code.qualname));
  }
  return own;
}

/** Strings and numbers that have a text: the texts stand after all other names, in their own order. */
function nameTexts({ texts }: Snapshot, ownName: Uint32Array, firstText: number): void {
  for (let row = 0; row < texts.node.length; row++) ownName[texts.node[row]!] = firstText + row;
}
