// Types of another tool's dump: it knows them by name, so what a type is for is told by its name.

import type { TypeIx } from "../../base/brand.ts";
import type { NodeIx } from "../../base/brand.ts";
import {
  ATTRIBUTE_LABEL,
  FIRST_FIELD_LABEL,
  type NodeShape,
  type TypeRole,
  type TypeRow,
  UNNAMED_LABEL,
} from "../snapshot.ts";

/** How a tool writes the references of a type. */
export interface TypeFacts {
  readonly role: TypeRole;
  readonly shape: NodeShape;
}

const FIELDS: TypeFacts = { role: "plain", shape: "fields" };

const FACTS: ReadonlyMap<string, TypeFacts> = new Map<string, TypeFacts>([
  ["builtins.dict", { role: "dict", shape: "mapping" }],
  ["builtins.list", { role: "list", shape: "sequence" }],
  ["builtins.tuple", { role: "tuple", shape: "sequence" }],
  ["builtins.set", { role: "set", shape: "set" }],
  ["builtins.frozenset", { role: "set", shape: "set" }],
  ["collections.deque", { role: "deque", shape: "set" }],
  ["collections.OrderedDict", { role: "dict", shape: "fields" }],
  ["collections.defaultdict", { role: "dict", shape: "fields" }],
  ...roles({
    str: "str",
    bytes: "bytes",
    int: "int",
    float: "float",
    module: "module",
    type: "type",
    function: "function",
    method: "method",
    code: "code",
    cell: "cell",
    frame: "frame",
    generator: "generator",
    coroutine: "coroutine",
    NoneType: "none",
    property: "property",
    mappingproxy: "mappingproxy",
    traceback: "traceback",
  }),
  ["abc.ABCMeta", { role: "type", shape: "fields" }],
  ["enum.EnumMeta", { role: "type", shape: "fields" }],
  ["enum.EnumType", { role: "type", shape: "fields" }],
  ["functools._lru_cache_wrapper", { role: "lru-cache", shape: "fields" }],
  ["weakref.ReferenceType", { role: "weakref", shape: "fields" }],
  ["_thread._local", { role: "thread-local", shape: "fields" }],
]);

function roles(names: Readonly<Record<string, TypeRole>>): [string, TypeFacts][] {
  return Object.entries(names).map(([name, role]) => [`builtins.${name}`, { role, shape: "fields" }]);
}

/** `name` is qualified: "builtins.dict". */
export function typeFacts(name: string): TypeFacts {
  return (
    FACTS.get(name) ??
    (/^builtins\.\w+(?:Error|Exception)$/.test(name) ? { role: "exception", shape: "fields" } : FIELDS)
  );
}

/** Rows of a 16-bit column, less the placeholder. */
export const MOST_TYPES: number = 0xffff;

interface TypeDraft {
  name: string;
  module: string;
  readonly labels: Map<string, number>;
}

/** The types of one file; row 0 is the placeholder. */
export class ImportedTypes {
  readonly #drafts: TypeDraft[] = [{ name: "not readable", module: "", labels: new Map() }];
  readonly #rowOf = new Map<string | number, number>();

  get count(): number {
    return this.#drafts.length;
  }

  /** The row of the type that the tool knows under `key`: its name, or its address. */
  rowOf(key: string | number): number {
    const known = this.#rowOf.get(key);
    if (known !== undefined) return known;
    this.#rowOf.set(key, this.#drafts.length);
    this.#drafts.push({ name: typeof key === "string" ? key : "?", module: "?", labels: new Map() });
    return this.#drafts.length - 1;
  }

  /** Keys and their rows, in the order of their appearance. */
  keys(): ReadonlyMap<string | number, number> {
    return this.#rowOf;
  }

  rename(row: number, module: string, name: string): void {
    const draft = this.#drafts[row]!;
    draft.module = module;
    draft.name = name;
  }

  qualified(row: number): string {
    const { module, name } = this.#drafts[row]!;
    return `${module}.${name}`;
  }

  /** The label of an attribute or field of a type: the same one for the same name. */
  label(row: number, name: string): number {
    const { labels } = this.#drafts[row]!;
    const known = labels.get(name);
    if (known !== undefined) return known;
    const label = FIRST_FIELD_LABEL + labels.size;
    if (label >= ATTRIBUTE_LABEL) return UNNAMED_LABEL;
    labels.set(name, label);
    return label;
  }

  /** `nodeOf`: the type object of a row, 0 when it is not known. */
  rows(nodeOf: (row: number) => NodeIx): readonly TypeRow[] {
    return this.#drafts.map(({ name, module, labels }, row) => ({
      ...typeFacts(`${module}.${name}`),
      canonical: row as TypeIx,
      name,
      module,
      base: -1,
      node: row === 0 ? (0 as NodeIx) : nodeOf(row),
      attributes: [],
      fields: new Map([...labels].map(([text, label]) => [label, text])),
    }));
  }
}

/** "app.models" and "Outer.Inner" of "app.models.Outer.Inner": the longest module there is, else all before the last dot. */
export function splitTypeName(full: string, isModule: (name: string) => boolean): { module: string; name: string } {
  for (let dot = full.lastIndexOf("."); dot > 0; dot = full.lastIndexOf(".", dot - 1))
    if (isModule(full.slice(0, dot))) return { module: full.slice(0, dot), name: full.slice(dot + 1) };
  const last = full.lastIndexOf(".");
  return last < 0 ? { module: "?", name: full } : { module: full.slice(0, last), name: full.slice(last + 1) };
}
