// Tables at file level: methods, members, slots, type objects.

import type { CStructFact, CTypeObject } from "./c-file-facts.ts";
import type { CExpression, CTree, CVariable } from "./c-tree.ts";
import type { FactsContext } from "./leak-facts.ts";
import { partsOf, withoutCasts } from "./place.ts";

/** Functions named in some table: Python calls them. O(size of the tables). */
export function tableNames(tree: CTree): Set<string> {
  const names = new Set<string>();
  const gather = (expression: CExpression): void => {
    if (expression.kind === "name") names.add(expression.name);
    for (const part of partsOf(expression)) gather(part);
  };
  for (const { initial } of tree.variables) if (initial?.kind === "group") gather(initial);
  return names;
}

/** Order of the first members of PyTypeObject (Include/cpython/object.h, the same since 3.8), after the head. */
const POSITIONS: readonly string[] = `
tp_head tp_name tp_basicsize tp_itemsize tp_dealloc tp_print tp_getattr tp_setattr tp_as_async tp_repr tp_as_number
tp_as_sequence tp_as_mapping tp_hash tp_call tp_str tp_getattro tp_setattro tp_as_buffer tp_flags tp_doc tp_traverse
tp_clear tp_richcompare tp_weaklistoffset tp_iter tp_iternext tp_methods tp_members tp_getset tp_base tp_dict
tp_descr_get tp_descr_set tp_dictoffset tp_init tp_alloc tp_new tp_free
`
  .trim()
  .split(/\s+/);

/** Static types and types from a PyType_Spec of this file. O(tables). */
export function typeObjectsOf(tree: CTree, { rangeOf }: Pick<FactsContext, "rangeOf">): CTypeObject[] {
  const slotTables = new Map(
    tree.variables.filter(({ type }) => type === "PyType_Slot").map((each) => [each.name, each]),
  );
  return tree.variables.flatMap((variable) => {
    if (variable.initial?.kind !== "group") return [];
    const slots = variable.type === "PyTypeObject" ? staticSlots(variable) : specSlots(variable, slotTables);
    if (slots === null) return [];
    return [
      {
        name: textIn(slots.get("tp_name")) ?? variable.name,
        at: rangeOf(variable),
        struct: /^sizeof\s*\(\s*(?:struct\s+)?(\w+)\s*\)$/.exec(textOf(tree, slots.get("tp_basicsize")))?.[1] ?? "",
        slots: { ...functionsOf(slots), ...assignedSlots(tree, variable.name) },
        flags: textOf(tree, slots.get("tp_flags")),
      },
    ];
  });
}

/** `Spam_Type.tp_dealloc = (destructor)spam_dealloc;` in the set-up of the module. */
function assignedSlots(tree: CTree, variable: string): Record<string, string> {
  const found: Record<string, string> = {};
  if (!tree.text.includes(`${variable}.tp_`)) return found;
  const assignment = new RegExp(`\\b${variable}\\.(tp_\\w+)\\s*=\\s*(?:\\([^()]*\\)\\s*)?&?(\\w+)`, "g");
  for (const [, slot = "", value = ""] of tree.text.matchAll(assignment)) found[slot] = value;
  return found;
}

type Slots = ReadonlyMap<string, CExpression>;

function staticSlots({ initial }: CVariable): Slots | null {
  if (initial?.kind !== "group") return null;
  let position = -1;
  return new Map(
    initial.items.map((item, at) => {
      const label = initial.labels[at] ?? null;
      position++;
      return [label ?? POSITIONS[position] ?? `${position}`, item];
    }),
  );
}

const SPEC: readonly string[] = ["tp_name", "tp_basicsize", "tp_itemsize", "tp_flags", "slots"];
const SPEC_LABELS: Readonly<Record<string, string>> = {
  name: "tp_name",
  basicsize: "tp_basicsize",
  itemsize: "tp_itemsize",
  flags: "tp_flags",
  slots: "slots",
};

function specSlots(spec: CVariable, tables: ReadonlyMap<string, CVariable>): Slots | null {
  if (spec.type !== "PyType_Spec" || spec.initial?.kind !== "group") return null;
  const { items, labels } = spec.initial;
  const slots = new Map<string, CExpression>();
  items.forEach((item, at) => slots.set(SPEC_LABELS[labels[at] ?? ""] ?? SPEC[at] ?? `${at}`, item));
  const table = withoutCasts(slots.get("slots") ?? spec.initial);
  const rows = table.kind === "name" ? tables.get(table.name)?.initial : null;
  if (rows?.kind !== "group") return null;
  for (const row of rows.items) {
    const [slot, value] = row.kind === "group" ? row.items : [];
    if (slot?.kind === "name" && value !== undefined) slots.set(slot.name.replace(/^Py_/, ""), value);
  }
  return slots;
}

function functionsOf(slots: Slots): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [slot, value] of slots) {
    const inner = withoutCasts(value);
    const name = inner.kind === "unary" ? withoutCasts(inner.operand) : inner;
    if (slot.startsWith("tp_") && name.kind === "name") found[slot] = name.name;
  }
  return found;
}

function textOf(tree: CTree, expression: CExpression | undefined): string {
  return expression === undefined ? "" : tree.text.slice(expression.start, expression.end);
}

function textIn(expression: CExpression | undefined): string | null {
  return expression?.kind === "literal" && expression.text.startsWith('"') ? expression.text.slice(1, -1) : null;
}

/** Structs with their pointer fields. O(fields). */
export function structsOf(tree: CTree, { rangeOf }: Pick<FactsContext, "rangeOf">): CStructFact[] {
  return tree.structs.map(({ names, fields }) => ({
    names,
    isObject: /^(?:Py(?:Var)?Object|Py\w+Object)$/.test(fields[0]?.type ?? "") && fields[0]?.isPointer === false,
    pointers: fields
      .filter(({ isPointer, name }) => isPointer && name !== "H")
      .map((field) => ({ field: field.name, type: field.type, at: rangeOf(field) })),
  }));
}
