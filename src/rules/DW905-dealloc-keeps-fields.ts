// Page: docs/rules/DW905-dealloc-keeps-fields.md

import type { CFieldStore, CTypeObject } from "../csource/c-file-facts.ts";
import { LOOKS } from "../csource/memory-table.ts";
import { referenceNote } from "../csource/reference-table.ts";
import { defineCRule } from "./c-evidence.ts";
import type { CProject, FindingDraft, Rule } from "./rule.ts";

export const deallocKeepsFields: Rule = defineCRule({
  code: "DW905",
  name: "dealloc-keeps-fields",
  cause: "L16",
  summary: "A type whose tp_dealloc does not release what its objects own keeps that for the life of the process.",
  twins: [],
  bestConfidence: "likely",
  judgeC: (project) => {
    const index = indexOf(project);
    return project.files.flatMap(({ types }) => types.flatMap((type) => judgeType(type, index)));
  },
});

interface CIndex {
  /** Function -> functions it gives its parameters to. */
  readonly passes: ReadonlyMap<string, readonly string[]>;
  /** Function -> "Struct.field" that it releases, or visits. */
  readonly releases: ReadonlyMap<string, ReadonlySet<string>>;
  readonly visits: ReadonlyMap<string, ReadonlySet<string>>;
  /** All names of a struct by each of them. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** Stores of owned references by struct. */
  readonly stores: ReadonlyMap<string, readonly CFieldStore[]>;
  readonly objects: ReadonlySet<string>;
}

function indexOf({ files }: CProject): CIndex {
  const [passes, releases, visits] = [
    new Map<string, readonly string[]>(),
    new Map<string, Set<string>>(),
    new Map<string, Set<string>>(),
  ];
  const [aliases, stores, objects] = [
    new Map<string, readonly string[]>(),
    new Map<string, CFieldStore[]>(),
    new Set<string>(),
  ];
  for (const file of files) {
    for (const { name, passesParametersTo } of file.calls) passes.set(name, passesParametersTo);
    for (const { struct, field, how, inFunction } of file.fieldReleases) {
      const by = how === "visit" ? visits : releases;
      by.set(inFunction, (by.get(inFunction) ?? new Set()).add(`${struct}.${field}`));
    }
    for (const { names, pointers } of file.structs) {
      for (const name of names) {
        aliases.set(name, names);
        for (const { field, type } of pointers) if (type === "PyObject") objects.add(`${name}.${field}`);
      }
    }
    for (const store of file.fieldStores) {
      if (store.storesOwned) stores.set(store.struct, [...(stores.get(store.struct) ?? []), store]);
    }
  }
  return { passes, releases, visits, aliases, stores, objects };
}

/** What `start` and the functions it calls with its parameters do. Null when one of them is not in the project. */
function reached(start: string, index: CIndex, what: ReadonlyMap<string, ReadonlySet<string>>): Set<string> | null {
  const found = new Set<string>();
  const seen = new Set<string>();
  const waiting = [start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const passes = index.passes.get(name);
    if (passes === undefined && name !== "" && referenceNote(name) === null && !LOOKS.has(name)) {
      if (!HARMLESS.test(name)) return null;
    }
    for (const field of what.get(name) ?? []) found.add(field);
    waiting.push(...(passes ?? []));
  }
  return found;
}

/** Macros of Python.h that do nothing to fields. */
const HARMLESS = /^(?:Py_TRASHCAN_\w+|Py_TYPE|PyObject_\w+|_?Py_\w+|PyWeakref_\w+|assert)$/;

function judgeType(type: CTypeObject, index: CIndex): FindingDraft[] {
  const names = index.aliases.get(type.struct) ?? [type.struct];
  const stores = names.flatMap((name) => index.stores.get(name) ?? []);
  const owned = new Map(stores.map((store) => [store.field, store]));
  const hasField = (fields: ReadonlySet<string>, field: string): boolean =>
    names.some((name) => fields.has(`${name}.${field}`));
  const objects = [...owned.values()].filter(({ field }) => hasField(index.objects, field));
  if (type.struct === "" || objects.length === 0) return [];
  const dealloc = type.slots["tp_dealloc"];
  if (dealloc === undefined) {
    if (type.slots["tp_base"] !== undefined || type.slots["tp_finalize"] !== undefined) return [];
    return objects.map((store) => draftOf(type, store, "has no tp_dealloc, so nothing releases"));
  }
  const released = reached(dealloc, index, index.releases);
  if (released === null || !index.passes.has(dealloc)) return [];
  const kept = objects.filter(({ field }) => !hasField(released, field));
  return [
    ...kept.map((store) => draftOf(type, store, `has the tp_dealloc \`${dealloc}\`, which does not release`)),
    ...unvisited(type, objects, index, hasField),
  ];
}

/** A type that the collector looks into has to show it everything it owns. */
function unvisited(
  type: CTypeObject,
  objects: readonly CFieldStore[],
  index: CIndex,
  hasField: (fields: ReadonlySet<string>, field: string) => boolean,
): FindingDraft[] {
  const traverse = type.slots["tp_traverse"];
  if (traverse === undefined || !type.flags.includes("HAVE_GC")) return [];
  const visited = reached(traverse, index, index.visits);
  if (visited === null || visited.size === 0) return [];
  return objects
    .filter(({ field }) => !hasField(visited, field))
    .map((store) => ({
      ...draftOf(type, store, `has the tp_traverse \`${traverse}\`, which does not visit`),
      confidence: "possible",
    }));
}

function draftOf(type: CTypeObject, store: CFieldStore, how: string): FindingDraft {
  return {
    at: type.at,
    message: `The type \`${type.name}\` ${how} the field \`${store.field}\`: each object of the type keeps what \`${store.inFunction}\` stored there.`,
    holder: null,
    confidence: "likely",
    bound: "one object per object of the type",
    related: [{ ...store.at, message: "a reference of its own is stored here" }],
    fix: {
      text: how.includes("visit")
        ? `Add \`Py_VISIT(self->${store.field});\` to tp_traverse, and \`Py_CLEAR\` to tp_clear.`
        : `Add \`Py_XDECREF(self->${store.field});\` to tp_dealloc.`,
      safety: "none",
      edits: [],
    },
  };
}
